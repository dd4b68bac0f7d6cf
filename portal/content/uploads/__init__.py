"""What is asked of a file before it is kept: its real kind, its size, its name, and nothing it should not tell."""
