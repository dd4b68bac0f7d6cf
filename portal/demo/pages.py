"""The demo's standard pages, in Lithuanian first and in English as its translation."""

from __future__ import annotations

from django.utils.text import slugify
from wagtail.models import Page

from portal.content.models import GlossaryTerm, HomePage, StandardPage
from portal.demo import reading

PAGES = ("about", "accessibility", "privacy")  # in the order they are made
FIELDS = ("title", "slug", "summary", "introduction", "has_contents")


def load(*, homes: dict[str, HomePage]) -> dict[str, dict[str, Page]]:
    """Write each page below each language's home page, unless it is there; ``homes`` has them by language.

    Return them by language and name.
    """
    terms = {slugify(term): pk for term, pk in GlossaryTerm.objects.values_list("term_en", "pk")}
    made: dict[str, dict[str, Page]] = {language: {} for language in reading.LANGUAGES}
    for name in PAGES:
        source: StandardPage | None = None
        for language in reading.LANGUAGES:
            data, home = reading.page(name, language), homes[language]
            page = StandardPage.objects.child_of(home).filter(slug=data["slug"]).first()
            source = source or page
            if page is not None:
                made[language][name] = page
                continue
            page = made[language][name] = StandardPage(
                locale=home.locale,
                body=reading.body("pages", data, {}, terms),
                **{field: data[field] for field in FIELDS},
            )
            if source is not None:
                page.translation_key = source.translation_key
            home.add_child(instance=page)
            page.save_revision().publish()
            home.refresh_from_db(fields=["numchild"])
            source = source or page
    return made
