"""Finding a resource: the words looked for and the filters, with how many resources each choice would show."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.query import PageQuerySet

from portal.catalogue.models import ResourcePage
from portal.catalogue.reports import keys_of
from portal.content.faceting import FacetedFilterSet, KnownFilter, SortFilter, WordsFilter, with_words
from portal.content.models import Topic
from portal.content.searching import LONGEST

SORTS = {"title": _("By title"), "new": _("Newest first")}


class ResourceFilterSet(FacetedFilterSet):
    """The filters of the list; ``queryset`` holds one page of each resource (``reports.listed_resources``)."""

    q = django_filters.CharFilter(label=_("Words"), method="by_question")
    topic = WordsFilter(label=_("Subject"), method="by_topic")
    kind = KnownFilter(label=_("Kind"), distinct=False, choices=ResourcePage.Kind.choices)
    access = KnownFilter(label=_("Access"), distinct=False, choices=ResourcePage.Access.choices)
    sort = SortFilter(label=_("Order"), method="by_nothing", choices=list(SORTS.items()))

    vocabularies: ClassVar[dict[str, Any]] = {"topic": Topic}
    counted: ClassVar[dict[str, Any]] = {
        "topic": F("topics__slug"),
        "kind": F("kind"),
        "access": F("access"),
    }
    shown: ClassVar[tuple[str, ...]] = tuple(counted)

    class Meta:
        model = ResourcePage
        fields: list[str] = []

    def by_topic(self, queryset: PageQuerySet, name: str, value: list[str]) -> PageQuerySet:
        """Keep the resources on any of these subjects."""
        return with_words(queryset, Topic, ResourcePage, "topics", value)

    def by_question(self, queryset: PageQuerySet, name: str, value: str) -> PageQuerySet:
        """Keep the resources that have all the words."""
        found = self._found
        return queryset if found is None else queryset.filter(pk__in=found)

    @property
    def question(self) -> str:
        """The words looked for, as they were typed."""
        return str(self.data.get("q", "")).replace("\x00", "").strip()[:LONGEST]

    @cached_property
    def _found(self) -> list[int] | None:
        return keys_of(self.question, get_language() or "lt")
