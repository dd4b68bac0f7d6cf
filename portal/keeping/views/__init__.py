"""Views: one's own data, the staff's screens, the audit log."""
