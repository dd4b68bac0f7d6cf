"""Plugins of our test runs."""
