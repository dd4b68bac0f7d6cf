"""The composition root as a Django app: it owns the demo command and the system checks."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Joins the apps: what an upper app offers to a lower page is wired here."""

    name = "portal"
    verbose_name = "Kelrodis"

    def ready(self) -> None:
        """Register the pages' views and the system checks."""
        import_module("portal.checks")
        import_module("portal.dashboard")
