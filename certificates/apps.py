"""The app's configuration."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Names the app."""

    name = "certificates"
    verbose_name = "Certificates"
