"""The app's configuration."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class OutboxConfig(AppConfig):
    """Names the app and loads every app's ``handlers`` module."""

    name = "portal.outbox"
    label = "outbox"
    verbose_name = "Deliveries"

    def ready(self) -> None:
        """Import the handlers, so that recording a fact finds them all."""
        for config in apps.get_app_configs():
            if config.name != "lti_tool" and find_spec(f"{config.name}.handlers"):
                import_module(f"{config.name}.handlers")
