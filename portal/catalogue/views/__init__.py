"""Pages and what readers do on them; the staff’s screens."""
