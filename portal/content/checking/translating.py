"""Translations: what is not translated yet, and what has changed in the original since."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page
from wagtail_localize.models import Translation

from portal.content.checking.registry import WARNING, Finding, check
from portal.content.translating import translation_of


@check
def translation(page: Any) -> Iterator[Finding]:
    """Find texts that still stand in the original's language, and an original that is newer than its translation."""
    if page.pk is None:
        return
    kept = translation_of(page)
    original = _original(page, kept)
    if original is None:
        return
    if kept is not None:
        total, done = kept.get_progress()
        if done < total:
            text = ngettext(
                "%(n)s text is not translated yet.", "%(n)s texts are not translated yet.", total - done
            )
            yield Finding(WARNING, text % {"n": total - done})
    seen = kept.source.last_updated_at if kept is not None else page.latest_revision_created_at
    changed = original.last_published_at
    if changed is not None and seen is not None and changed > seen:
        yield Finding(WARNING, _("The original has been published anew since; compare the two."))


def _original(page: Any, kept: Translation | None) -> Page | None:
    """Return the page that ``page`` translates: its source in wagtail-localize, else the one in the first language."""
    others = Page.objects.filter(translation_key=page.translation_key, alias_of=None).exclude(pk=page.pk)
    if kept is not None:
        return others.filter(locale_id=kept.source.locale_id).first()
    if page.locale.language_code == settings.LANGUAGE_CODE:
        return None
    return others.filter(locale__language_code=settings.LANGUAGE_CODE).first()
