"""Translations: a draft of one never touches what readers see.

wagtail-localize saves a translation's draft into the page's own row before it makes a revision of it. Where that page
is live already (it was translated by hand, or stands in another branch that is submitted with its subpages), readers
would see the draft at once, with the original's texts wherever nothing is translated. ``keep_live_pages`` puts the row
back; the draft stays in the revision, where an editor finds and publishes it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page
from wagtail_localize.models import TranslationSource

Make = Callable[..., tuple[Any, bool]]


def keep_live_pages() -> None:
    """Have drafts of translations leave live pages as they are; called once, when the apps are ready."""
    TranslationSource.create_or_update_translation = _careful(TranslationSource.create_or_update_translation)


def _careful(make: Make) -> Make:
    """Return ``make`` such that it changes no live page unless it is to publish."""

    @wraps(make)
    @transaction.atomic
    def made(source: TranslationSource, locale: Locale, *args: Any, **kwargs: Any) -> tuple[Any, bool]:
        publish = kwargs.get("publish", args[1] if len(args) > 1 else True)
        before = None if publish else _live_page(source, locale)
        translated, created = make(source, locale, *args, **kwargs)
        if before is not None:
            _put_back(before)
        return translated, created

    return made


def _live_page(source: TranslationSource, locale: Locale) -> Page | None:
    """Return the live page that the translation would be written into."""
    pages = Page.objects.filter(translation_key=source.object_id, locale=locale, live=True, alias_of=None)
    page = pages.first()
    return page.specific if page is not None else None


def _put_back(before: Page) -> None:
    """Save the page as it was; that it has a newer draft now is kept."""
    now = Page.objects.get(pk=before.pk)
    before.latest_revision_id = now.latest_revision_id
    before.latest_revision_created_at = now.latest_revision_created_at
    before.draft_title = now.draft_title
    before.has_unpublished_changes = True
    before.save(clean=False)
