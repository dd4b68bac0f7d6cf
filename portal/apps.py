"""The composition root as a Django app: it owns the demo command and the system checks."""

from importlib import import_module

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Joins the apps: what an upper app offers to a lower page is wired here."""

    name = "portal"
    verbose_name = "Kelrodis"

    def ready(self) -> None:
        """Load the Celery application, the system checks and the views of composed pages.

        Without the first, the tasks of a web process would belong to Celery's default application,
        whose broker is RabbitMQ on this machine: no nudge would ever arrive.
        """
        import_module("portal.celery")
        import_module("portal.checks").refuse_unsafe_production()
        import_module("portal.dashboard")
