"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Names the app."""

    name = "portal.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        """Listen to what Wagtail tells of pages, head letters, and tell the staff's home what waits."""
        import_module("portal.content.concerns")
        import_module("portal.content.publications")
        import_module("portal.content.letterhead")
