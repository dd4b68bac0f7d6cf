"""The app's configuration."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Names the app."""

    name = "portal.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        """Keep drafts of translations away from readers."""
        from portal.content.translating import keep_live_pages  # models are not there before

        keep_live_pages()
