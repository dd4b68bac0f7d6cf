"""Forms of the editors' side."""
