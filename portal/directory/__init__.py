"""People, libraries, roles and scope. Holds no Wagtail pages."""
