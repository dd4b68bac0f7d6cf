"""Competence surveys: instruments, waves, responses and their analysis."""
