"""Writes: what changes records."""
