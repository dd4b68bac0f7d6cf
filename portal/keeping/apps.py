"""The app's configuration."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class KeepingConfig(AppConfig):
    """Names the app and loads what every app declares of its records."""

    name = "portal.keeping"
    label = "keeping"
    verbose_name = "Keeping and forgetting"

    def ready(self) -> None:
        """Import each app's ``keeping`` module, begin to note sign-ins of staff, and say what waits."""
        for config in apps.get_app_configs():
            if config.name not in {self.name, "lti_tool"} and find_spec(f"{config.name}.keeping"):
                import_module(f"{config.name}.keeping")
        for name in ("own", "signing", "checks", "concerns"):
            import_module(f"portal.keeping.{name}")
