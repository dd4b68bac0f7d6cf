"""Forms: of one's own account, and the administrator's form of a person."""
