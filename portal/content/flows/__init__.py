"""What is done to pages."""
