"""Library resources: their pages, reading lists by study module, subject guides, and questions to the librarian."""
