"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from portal.directory.alphabet import teach


class DirectoryConfig(AppConfig):
    """Names the app, teaches SQLite the alphabet, and tells the staff's home who waits."""

    name = "portal.directory"
    label = "directory"
    verbose_name = "People and libraries"

    def ready(self) -> None:
        """Give every new connection to SQLite what it needs to put names in order; name who waits."""
        connection_created.connect(teach, dispatch_uid="portal.directory.alphabet")
        import_module("portal.directory.concerns")
