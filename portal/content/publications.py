"""What follows for the frame of pages when one is published, moved, renamed or taken down (Wagtail's signals)."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from portal.content.edition import renew


@receiver([page_published, page_unpublished, page_slug_changed, post_page_move])
def read_anew(sender: type, **kwargs: Any) -> None:
    """Let titles and addresses in the navigation be read anew."""
    renew()
