"""How fast the portal is, beside an empty view; and what its outbox survives."""
