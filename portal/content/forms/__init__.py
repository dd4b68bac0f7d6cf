"""Forms of visitors and of the editors' side."""
