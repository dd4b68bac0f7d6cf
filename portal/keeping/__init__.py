"""Keeping and forgetting: backups, a person's own data, erasure, retention, the audit log."""
