"""Backup and restore: the database in one snapshot, the files it names, and proof that both are whole."""
