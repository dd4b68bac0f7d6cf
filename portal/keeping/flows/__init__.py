"""What may be done: export, erase, remove what is old."""
