"""Lists narrowed by filters whose state is in the address, each choice with how much it would show.

What the catalogue of courses and the list of resources share. Within a filter any choice fits, between filters all do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Count, Exists, Model, Q, QuerySet, Value
from django.utils.translation import get_language
from wagtail.query import PageQuerySet

WORD = re.compile(r"[a-zA-Z0-9_-]{1,60}")
MOST_WORDS = 50
NOT_CHOICES = frozenset({"sort", "q"})  # what is in the address and narrows no facet


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
            known = [str(choice) for choice, _label in self.choices]  # type: ignore[misc, union-attr]
            return value if value in known else known[0]


@dataclass(frozen=True)
class Option:
    """One choice of a filter; ``count``: what it would show of all that the other filters let through."""

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


class FacetedFilterSet(django_filters.FilterSet):
    """A set of filters that counts its choices: ``vocabularies`` by words that editors keep, ``counted`` by what."""

    vocabularies: ClassVar[dict[str, type[Model]]] = {}
    counted: ClassVar[dict[str, Any]] = {}
    shown: ClassVar[tuple[str, ...]] = ()  # the facets, in their order

    def by_nothing(self, queryset: PageQuerySet, name: str, value: str) -> PageQuerySet:
        """Leave the pages as they are; the view puts them in order."""
        return queryset

    @property
    def order(self) -> str:
        """The order asked for."""
        if self.form.is_valid():
            return str(self.form.cleaned_data["sort"])
        return str(self.filters["sort"].extra["choices"][0][0])

    @property
    def chosen(self) -> int:
        """How many choices are made."""
        return sum(len(value) for name, value in self._data.items() if name not in NOT_CHOICES)

    @cached_property
    def _data(self) -> dict[str, Any]:
        return self.form.cleaned_data if self.form.is_valid() else {}

    def facets(self) -> list[Facet]:
        """Return the filters with their counts (one query, however many pages and filters there are)."""
        name = "name_en" if get_language() == "en" else "name_lt"
        parts = [_words(kind, model, name) for kind, model in self.vocabularies.items()]
        parts += [self.counts(kind, by, self.others(kind)) for kind, by in self.counted.items()]
        parts += self.more_counts()
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
        return [self._facet(kind, offered.get(kind, []), counts) for kind in self.shown]

    def more_counts(self) -> list[PageQuerySet]:
        """Return counts that are no plain grouping, made with ``counts``."""
        return []

    def others(self, name: str) -> PageQuerySet:
        """Return what all filters but ``name`` let through."""
        queryset = self.queryset.order_by()
        for other, value in self._data.items():
            if other != name and value:
                queryset = self.filters[other].filter(queryset, value)
        return queryset

    def counts(self, kind: str, by: Any, pages: PageQuerySet) -> PageQuerySet:
        """Return how many of ``pages`` have each value, as rows of the union in ``facets``."""
        columns = {
            "facet_of": Value(kind),
            "facet_value": by,
            "facet_label": Value(""),
            "facet_place": Value(0),
        }
        rows = pages.annotate(**columns).values(*columns).annotate(facet_n=Count("pk", distinct=True))
        return rows.values_list(*columns, "facet_n")

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


def _words(kind: str, model: type[Model], name: str) -> QuerySet[Any, Any]:
    """Return a vocabulary as rows of the union in ``facets``."""
    words = model._default_manager.order_by()
    return words.values_list(Value(kind), "slug", name, "place", Value(0))


def with_words(
    pages: PageQuerySet, vocabulary: type[Model], page: type[Model], field: str, slugs: list[str]
) -> PageQuerySet:
    """Keep the pages that carry any of these words; all of them where none is a word of ours.

    ``page`` is the pages' model, ``field`` the one in which it holds words of ``vocabulary``.
    """
    having = page._default_manager.filter(**{f"{field}__slug__in": slugs}).values("pk")
    known = vocabulary._default_manager.filter(slug__in=slugs)
    return pages.filter(Q(pk__in=having) | ~Exists(known))
