"""Pages, blocks and site settings that every app builds on."""
