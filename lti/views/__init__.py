"""The addresses platforms call, the pages of refused launches, and the administrator's screens."""
