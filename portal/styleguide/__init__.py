"""The living style guide: every component in its states, from the templates the pages are made of. For staff."""
