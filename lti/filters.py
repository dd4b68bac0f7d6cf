"""The picker's search and filters, whose state is in the address, with what has been taken so far."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language, gettext
from wagtail.query import PageQuerySet

from lti.reports import KINDS, offered
from lti.reports.offers import answering, how_many, how_many_on, inside, on_topics
from portal.content.faceting import WORD, Facet, Option
from portal.content.models import Topic
from portal.content.searching import LONGEST

if TYPE_CHECKING:
    from portal.directory.models import User

LANGUAGES = ("lt", "en")
MOST = 50  # things taken at once


class Finder:
    """What a teacher asked for. Whatever of the address makes no sense counts as not asked."""

    def __init__(self, query: QueryDict, *, language: str, user: User) -> None:
        self.user = user
        self.question = query.get("q", "").replace("\x00", "").strip()[:LONGEST]
        asked = query.get("language", "")
        self.language = asked if asked in LANGUAGES else language
        self.kinds = [name for name in KINDS if name in query.getlist("kind")]
        self.topics = [slug for slug in query.getlist("topic")[:MOST] if WORD.fullmatch(slug)]
        self.course = _number(query.get("course", ""))
        self.taken = taken(query)

    @property
    def chosen(self) -> int:
        """How many choices of filters are made."""
        return len(self.kinds) + len(self.topics)

    @property
    def is_browsing(self) -> bool:
        """Whether nothing was asked for: then parts of courses stay within their courses."""
        return not (self.question or self.kinds or self.course)

    @cached_property
    def _any_topic(self) -> PageQuerySet:
        """What there is before topics and kinds are chosen."""
        pages = offered(language=self.language, user=self.user)
        return inside(pages, self.course, self.language) if self.course else pages

    @cached_property
    def _wide(self) -> PageQuerySet:
        """What there is before the kinds are chosen."""
        return on_topics(self._any_topic, self.topics) if self.topics else self._any_topic

    @cached_property
    def _found(self) -> list[int] | None:
        if not self.question:
            return None
        return answering(self._wide, self.question, self.language, self.user)

    def keys(self) -> list[int]:
        """Return the keys of the pages that were asked for: the best first, or as they stand in the site."""
        names = self.kinds or [name for name, kind in KINDS.items() if not (self.is_browsing and kind.part)]
        pages = self._wide.type(*[KINDS[name].model for name in names])
        if self._found is None:
            return list(pages.order_by("path").values_list("pk", flat=True))
        kept = set(pages.filter(pk__in=self._found).values_list("pk", flat=True))
        return [pk for pk in self._found if pk in kept]

    def facets(self) -> list[Facet]:
        """Return the filters: kinds with how many there are of each, and topics."""
        pages = self._wide if self._found is None else self._wide.filter(pk__in=self._found)
        counts = how_many(pages)
        kinds = [
            Option(name, str(kind.label), counts[name], name in self.kinds) for name, kind in KINDS.items()
        ]
        name = "name_en" if get_language() == "en" else "name_lt"
        on = how_many_on(self._any_topic)
        topics = [
            Option(slug, label, on.get(slug, 0), slug in self.topics)
            for slug, label in Topic.objects.order_by("place", name).values_list("slug", name)
        ]
        facets = [
            Facet("kind", gettext("What"), _worth(kinds)),
            Facet("topic", gettext("Topic"), _worth(topics)),
        ]
        return [facet for facet in facets if facet.is_useful]


def _worth(options: list[Option]) -> list[Option]:
    return [option for option in options if option.count or option.chosen]


def taken(query: QueryDict) -> list[str]:
    """Return the items taken so far, each once, in their order: with the one just added, without the one taken back."""
    items = dict.fromkeys(map(_item, [*query.getlist("chosen")[:MOST], *query.getlist("add")[:1]]))
    back = {_item(value) for value in query.getlist("remove")[:1]}
    return [item for item in items if item and item not in back][:MOST]


def _item(value: str) -> str:
    number = _number(value)
    return str(number) if number else ("library" if value == "library" else "")


def _number(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def points(query: QueryDict, items: Iterable[str], most: int) -> dict[str, int | None]:
    """Return the points written for grade columns, by item: whole, from 1 to ``most``; None for anything else."""
    wanted = [item for item in items if query.get(f"graded-{item}")]
    return {item: _points(query.get(f"points-{item}", ""), most) for item in wanted}


def _points(value: str, most: int) -> int | None:
    text = value.strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return number if 1 <= number <= most else None
