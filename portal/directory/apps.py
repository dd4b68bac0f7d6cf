"""The app's configuration."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from portal.directory.alphabet import teach


class DirectoryConfig(AppConfig):
    """Names the app, and teaches SQLite the alphabet."""

    name = "portal.directory"
    label = "directory"
    verbose_name = "People and libraries"

    def ready(self) -> None:
        """Give every new connection to SQLite what it needs to put names in order."""
        connection_created.connect(teach, dispatch_uid="portal.directory.alphabet")
