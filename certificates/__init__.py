"""Credentials: issued once, frozen, rendered, verifiable by anyone."""
