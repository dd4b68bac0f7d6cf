"""Translations: a draft of one never touches what readers see.

wagtail-localize saves a translation's draft into the page's own row before it makes a revision of it. Where that page
is live already (it was translated by hand, or stands in another branch that is submitted with its subpages), readers
would see the draft at once, with the original's texts wherever nothing is translated. ``keep_live_pages`` puts the row
back; the draft stays in the revision, where an editor finds and publishes it.

A translation with untranslated parts would go live with those in the original's language. Its own screen asks first
(``content.wagtail_hooks``); updating many at once publishes no such translation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.strings import StringValue
from wagtail_localize.views.update_translations import UpdateTranslationsView

Make = Callable[..., tuple[Any, bool]]


def keep_live_pages() -> None:
    """Have drafts of translations leave live pages as they are; called once, when the apps are ready."""
    TranslationSource.create_or_update_translation = _careful(TranslationSource.create_or_update_translation)
    UpdateTranslationsView.form_valid = _whole_only(UpdateTranslationsView.form_valid)


def translation_of(page: Page) -> Translation | None:
    """Return the translation that ``page`` is made by, None where it is written by hand."""
    kept = Translation.objects.filter(
        source__object_id=page.translation_key, target_locale_id=page.locale_id, enabled=True
    )
    found: Translation | None = kept.select_related("source", "target_locale").first()
    return found


def missing_texts(kept: Translation) -> Iterator[str]:
    """Yield the texts that are still in the original's language; numbers and signs are the same in all."""
    segments = kept.source.stringsegment_set.order_by("order").select_related("string", "context")
    for segment in segments.annotate_translation(kept.target_locale).filter(translation__isnull=True):
        text = StringValue(segment.string.data).get_translatable_html()
        said = " ".join(strip_tags(text).split())
        if not any(sign.isalpha() for sign in said):
            continue
        yield (
            _("%(text)s (in the page’s address)") % {"text": said} if segment.context.path == "slug" else said
        )


def _whole_only(form_valid: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the update of translations such that it publishes none in which a text is missing, and says so."""

    @wraps(form_valid)
    @transaction.atomic
    def updated(view: UpdateTranslationsView, form: Form) -> HttpResponse:
        view.object.update_from_db()
        kept = view.object.translations.filter(enabled=True).select_related("source", "target_locale")
        if form.cleaned_data["publish_translations"] and any(any(missing_texts(one)) for one in kept):
            form.cleaned_data["publish_translations"] = False
            messages.warning(
                view.request,
                _("Nothing was published: some texts are not translated. Translate them, then publish."),
            )
        return form_valid(view, form)

    return updated


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
