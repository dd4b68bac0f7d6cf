"""Finding a course: the filters of the catalogue, with how many courses each choice would show."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.query import PageQuerySet

from courses.models import CoursePage
from portal.content.models import Audience, Topic

LANGUAGES = {"lt": _("Lithuanian"), "en": _("English")}
LENGTHS = {
    "short": (_("up to 1 academic hour"), Q(hours__lte=1)),
    "medium": (_("2 to 4 academic hours"), Q(hours__gt=1, hours__lte=4)),
    "long": (_("5 academic hours and more"), Q(hours__gt=4)),
}
WORD = re.compile(r"[a-zA-Z0-9_-]{1,60}")
MOST_WORDS = 50
SORTS = {"new": _("Newest first"), "title": _("By title"), "hours": _("Shortest first")}


class KnownChoices(forms.MultipleChoiceField):
    """Keeps the values that are offered and leaves the others aside, as an address may be old or typed by hand."""

    def clean(self, value: Any) -> list[str]:
        """Return the offered ones among ``value``, each once."""
        given = {str(part) for part in value or []}
        offered = [str(choice) for choice, _label in self.choices]  # type: ignore[misc, union-attr]
        return [choice for choice in offered if choice in given]


class Words(forms.MultipleChoiceField):
    """Words of a vocabulary. What is no word at all is left aside; whether it is one of ours, the query asks."""

    def clean(self, value: Any) -> list[str]:
        """Return the possible words among ``value``, each once, at most so many."""
        return sorted({str(part) for part in value or [] if WORD.fullmatch(str(part))})[:MOST_WORDS]


class WordsFilter(django_filters.MultipleChoiceFilter):
    """Any of several words."""

    field_class = Words


class KnownFilter(django_filters.MultipleChoiceFilter):
    """Any of several offered values."""

    field_class = KnownChoices


class SortFilter(django_filters.ChoiceFilter):
    """The order: read by the view, which sorts by the alphabet of the language."""

    class field_class(forms.ChoiceField):  # noqa: N801 (django-filter's name for it)
        """One of the orders; anything else is the first of them."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            for foreign in ("empty_label", "null_label", "null_value"):
                kwargs.pop(foreign, None)
            super().__init__(*args, **kwargs)

        def clean(self, value: Any) -> str:
            """Return a known order."""
            return value if value in SORTS else next(iter(SORTS))


@dataclass(frozen=True)
class Option:
    """One choice of a filter; ``count``: the courses it would show of those the other filters let through."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Facet:
    """A filter with its choices."""

    name: str
    label: str
    options: list[Option]

    @property
    def is_useful(self) -> bool:
        """Whether there is anything to choose between, or to take back."""
        return len(self.options) > 1 or any(option.chosen for option in self.options)


class CourseFilterSet(django_filters.FilterSet):
    """Within a filter any choice fits, between filters all do.

    ``queryset`` holds one page of each course (``reports.listed_courses``).
    """

    topic = WordsFilter(label=_("Topic"), method="by_topic")
    audience = WordsFilter(label=_("For whom"), method="by_audience")
    level = KnownFilter(label=_("Level"), distinct=False, choices=CoursePage.Level.choices)
    mode = KnownFilter(label=_("Mode"), distinct=False, choices=CoursePage.Mode.choices)
    length = KnownFilter(
        label=_("Length"), method="by_length", choices=[(key, label) for key, (label, _q) in LENGTHS.items()]
    )
    language = KnownFilter(label=_("Language"), method="by_language", choices=list(LANGUAGES.items()))
    sort = SortFilter(label=_("Order"), method="by_nothing", choices=list(SORTS.items()))

    class Meta:
        model = CoursePage
        fields: list[str] = []

    def by_topic(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses on any of these topics."""
        return _with_words(queryset, Topic, "topics", value)

    def by_audience(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the courses for any of these audiences."""
        return _with_words(queryset, Audience, "audiences", value)

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

    def by_nothing(self, queryset: PageQuerySet, name: str, value: str) -> PageQuerySet:
        """Leave the courses as they are; the view puts them in order."""
        return queryset

    @property
    def order(self) -> str:
        """The order asked for."""
        return str(self.form.cleaned_data["sort"]) if self.form.is_valid() else next(iter(SORTS))

    @property
    def chosen(self) -> int:
        """How many choices are made."""
        return sum(len(value) for name, value in self._data.items() if name != "sort")

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.form.is_valid() else {}

    def facets(self) -> list[Facet]:
        """Return the filters with their counts (one query, however many courses and filters there are)."""
        name = "name_en" if get_language() == "en" else "name_lt"
        parts = [_words(kind, model, name) for kind, model in VOCABULARIES.items()]
        parts += [self._counts(kind, by, self._others(kind)) for kind, by in COUNTED.items()]
        for code in LANGUAGES:
            pages = self._others("language").filter(Exists(_in_language(code)))
            parts.append(self._counts("language", Value(code), pages))
        counts: dict[tuple[str, str], int] = defaultdict(int)
        words: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for kind, value, label, place, n in parts[0].union(*parts[1:], all=True):
            if label:
                words[kind].append((place, label, value))
            elif value:
                counts[kind, value] = n
        offered = {
            kind: [(value, label) for _p, label, value in sorted(rows)] for kind, rows in words.items()
        }
        return [self._facet(kind, offered.get(kind, []), counts) for kind in (*COUNTED, "language")]

    def _others(self, name: str) -> PageQuerySet:
        """Return what all filters but ``name`` let through."""
        queryset = self.queryset.order_by()
        for other, value in self._data.items():
            if other != name and value:
                queryset = self.filters[other].filter(queryset, value)
        return queryset

    def _counts(self, kind: str, by: Any, pages: PageQuerySet) -> PageQuerySet:
        """Return how many of ``pages`` have each value, as rows of the union in ``facets``."""
        rows = pages.annotate(kind=Value(kind), value=by, label=Value(""), sorting=Value(0))
        rows = rows.values("kind", "value", "label", "sorting").annotate(n=Count("pk", distinct=True))
        return rows.values_list("kind", "value", "label", "sorting", "n")

    def _facet(self, name: str, offered: list[tuple[str, str]], counts: dict[tuple[str, str], int]) -> Facet:
        chosen = set(self._data.get(name, []))
        choices = offered or self.filters[name].extra.get("choices", [])
        options = [
            Option(value, str(label), counts[name, value], value in chosen) for value, label in choices
        ]
        return Facet(
            name=name,
            label=str(self.filters[name].label),
            options=[option for option in options if option.count or option.chosen],
        )


def _words(kind: str, model: type[Topic | Audience], name: str) -> QuerySet[Any, Any]:
    """Return a vocabulary as rows of the union in ``facets``."""
    return model.objects.order_by().values_list(Value(kind), "slug", name, "place", Value(0))


def _with_words(
    pages: PageQuerySet, model: type[Topic | Audience], field: str, slugs: list[str]
) -> PageQuerySet:
    """Keep the pages that carry any of these words; all of them where none is a word of ours."""
    having = CoursePage.objects.filter(**{f"{field}__slug__in": slugs}).values("pk")
    return pages.filter(Q(pk__in=having) | ~Exists(model.objects.filter(slug__in=slugs)))


def _in_language(code: str) -> PageQuerySet:
    """Return, for an outer page, its live page in this language."""
    pages = CoursePage.objects.live().filter(translation_key=OuterRef("translation_key"))
    return pages.filter(locale__language_code=code)


def _length() -> Case:
    cases = [When(condition, then=Value(key)) for key, (_label, condition) in LENGTHS.items()]
    return Case(*cases, output_field=CharField())


VOCABULARIES: dict[str, type[Topic | Audience]] = {"topic": Topic, "audience": Audience}
COUNTED: dict[str, Any] = {
    "topic": F("topics__slug"),
    "audience": F("audiences__slug"),
    "level": F("level"),
    "mode": F("mode"),
    "length": _length(),
}
