"""The app's configuration."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Names the app."""

    name = "portal.directory"
    label = "directory"
    verbose_name = "People and libraries"
