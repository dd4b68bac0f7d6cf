"""Formats where Django's own are not ours."""
