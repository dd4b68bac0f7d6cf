"""Views: of one's own account, and the administrator's screens of people."""
