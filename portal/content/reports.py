"""Questions about pages."""

from __future__ import annotations

from uuid import UUID

from wagtail.models import Page


def page_in(translation_key: UUID | str, language: str) -> Page | None:
    """Return the live page in ``language`` among the translations with this key."""
    pages = Page.objects.live().filter(translation_key=translation_key)
    return pages.filter(locale__language_code=language).first()
