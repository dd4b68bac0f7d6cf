"""The app's configuration."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Names the app."""

    name = "portal.content"
    label = "content"
    verbose_name = "Content"
