"""The demo: a fictional county with its people, and a real course in both languages."""
