"""The app's configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Names the app."""

    name = "portal.documents"
    label = "documents"
    verbose_name = "Documents"
