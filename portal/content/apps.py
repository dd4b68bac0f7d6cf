"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Names the app, and begins to note when public pages change."""

    name = "portal.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        """Watch what editors do; keep drafts of translations away from readers."""
        import_module("portal.content.freshness").watch()
        import_module("portal.content.translating").keep_live_pages()
