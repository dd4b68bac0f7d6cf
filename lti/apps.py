"""The app's configuration."""

from django.apps import AppConfig


class LtiConfig(AppConfig):
    """Names the app."""

    name = "lti"
    verbose_name = "Learning platforms"
