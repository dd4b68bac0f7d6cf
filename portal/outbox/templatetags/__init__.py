"""Filters of the staff screen."""
