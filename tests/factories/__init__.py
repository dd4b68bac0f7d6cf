"""Makers of people, pages and records for the tests."""
