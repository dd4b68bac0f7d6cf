"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    """Names the app; a name that stands on a certificate is no longer its bearer's to change."""

    name = "certificates"
    verbose_name = "Certificates"

    def ready(self) -> None:
        """Say whose names certificates rely on."""
        import_module("certificates.flows.naming").keep_names()
