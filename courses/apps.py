"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    """Names the app, and registers its page views and what follows a publication."""

    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        """Import what registers itself."""
        import_module("courses.views.pages")
        import_module("courses.publications")
