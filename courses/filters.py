"""Finding a course: the filters of the catalogue, with how many courses each choice would show."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from wagtail.query import PageQuerySet

from courses.models import CoursePage
from portal.content.faceting import FacetedFilterSet, KnownFilter, SortFilter, WordsFilter, with_words
from portal.content.models import Audience, Topic

LANGUAGES = {"lt": _("Lithuanian"), "en": _("English")}
LENGTHS = {
    "short": (_("up to 1 academic hour"), Q(hours__lte=1)),
    "medium": (_("2 to 4 academic hours"), Q(hours__gt=1, hours__lte=4)),
    "long": (_("5 academic hours and more"), Q(hours__gt=4)),
}
SORTS = {"new": _("Newest first"), "title": _("By title"), "hours": _("Shortest first")}


def _length() -> Case:
    cases = [When(condition, then=Value(key)) for key, (_label, condition) in LENGTHS.items()]
    return Case(*cases, output_field=CharField())


class CourseFilterSet(FacetedFilterSet):
    """The filters of the catalogue; ``queryset`` holds one page of each course (``reports.listed_courses``)."""

    topic = WordsFilter(label=_("Topic"), method="by_topic")
    audience = WordsFilter(label=_("For whom"), method="by_audience")
    level = KnownFilter(label=_("Level"), distinct=False, choices=CoursePage.Level.choices)
    mode = KnownFilter(label=_("Mode"), distinct=False, choices=CoursePage.Mode.choices)
    length = KnownFilter(
        label=_("Length"), method="by_length", choices=[(key, label) for key, (label, _q) in LENGTHS.items()]
    )
    language = KnownFilter(label=_("Language"), method="by_language", choices=list(LANGUAGES.items()))
    sort = SortFilter(label=_("Order"), method="by_nothing", choices=list(SORTS.items()))

    vocabularies: ClassVar[dict[str, Any]] = {"topic": Topic, "audience": Audience}
    counted: ClassVar[dict[str, Any]] = {
        "topic": F("topics__slug"),
        "audience": F("audiences__slug"),
        "level": F("level"),
        "mode": F("mode"),
        "length": _length(),
    }
    shown: ClassVar[tuple[str, ...]] = (*counted, "language")

    class Meta:
        model = CoursePage
        fields: list[str] = []

    def by_topic(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses on any of these topics."""
        return with_words(queryset, Topic, CoursePage, "topics", value)

    def by_audience(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses for any of these audiences."""
        return with_words(queryset, Audience, CoursePage, "audiences", value)

    def by_length(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses of any of these lengths."""
        wanted = Q()
        for key in value:
            wanted |= LENGTHS[key][1]
        return queryset.filter(wanted)

    def by_language(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses that can be taken in any of these languages."""
        wanted = Q()
        for code in value:
            wanted |= Q(Exists(_in_language(code)))
        return queryset.filter(wanted)

    def more_counts(self) -> list[PageQuerySet]:
        """Return how many courses there are in each language; a course may be in both."""
        return [
            self.counts("language", Value(code), self.others("language").filter(Exists(_in_language(code))))
            for code in LANGUAGES
        ]


def _in_language(code: str) -> PageQuerySet:
    """Return, for an outer page, its live page in this language."""
    pages = CoursePage.objects.live().filter(translation_key=OuterRef("translation_key"))
    return pages.filter(locale__language_code=code)
