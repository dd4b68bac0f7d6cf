"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Names the app, and registers its page views, checks and what waits for the staff."""

    name = "portal.catalogue"
    label = "catalogue"
    verbose_name = "Library resources"

    def ready(self) -> None:
        """Import what registers itself."""
        for module in ("views.pages", "checks", "concerns", "publications"):
            import_module(f"portal.catalogue.{module}")
