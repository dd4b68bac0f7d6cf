"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class LtiConfig(AppConfig):
    """Names the app, and tells the staff's home which platforms wait."""

    name = "lti"
    verbose_name = "Learning platforms"

    def ready(self) -> None:
        """Name who waits."""
        import_module("lti.concerns")
