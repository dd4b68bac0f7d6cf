"""The app's configuration."""

from importlib import import_module

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Names the app, and begins to note when public pages change."""

    name = "portal.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        """Listen to what Wagtail tells of pages, head letters, and tell the staff's home what waits."""
        import_module("portal.content.freshness").watch()
        import_module("portal.content.translating").keep_live_pages()
        import_module("portal.content.flows.approvals").write_instead_of_wagtail()
        import_module("portal.content.correcting").correct()
        import_module("portal.content.concerns")
        import_module("portal.content.publications")
        import_module("portal.content.letterhead")
