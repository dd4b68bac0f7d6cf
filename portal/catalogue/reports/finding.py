"""Finding a resource: which there are for whom, in which order, and a row for each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from wagtail.query import PageQuerySet
from wagtail.search.query import And, Or, PlainText, SearchQuery

from portal.catalogue.models import LibraryAccess, ResourcePage
from portal.collation import sort_key
from portal.content.reports import one_of_each
from portal.content.searching import asked

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User

MOST_FOUND = 1_000  # of one question
QUOTES = "„“”‘’«»\"'"  # a title that begins with a name in quotes stands by the name


@dataclass(frozen=True)
class ResourceRow:
    """A resource in a list. ``way_in`` is its address, perhaps through the proxy; empty where one has to come in.

    ``foreign`` is its language where it is not the reader's, else empty.
    """

    page: ResourcePage
    topics: list[str]
    way_in: str
    foreign: str


def listed_resources(*, language: str, user: User | AnonymousUser) -> PageQuerySet:
    """Return one page of each published resource that lists may name to ``user``."""
    return one_of_each(ResourcePage, language=language, user=user)


def keys_of(question: str, language: str) -> list[int] | None:
    """Return the keys of the resources that have every word of ``question`` in any of its forms; None without words.

    Two queries at most, however many resources there are. Who may see which, the caller's query says.
    """
    words = asked(question, language)
    if not words:
        return None
    each: list[SearchQuery] = [Or([PlainText(form) for form in word]) for word in words]
    found = ResourcePage.objects.live().search(And(each))[:MOST_FOUND]
    return [page.pk for page in found]


def in_order(pages: PageQuerySet, order: str, language: str) -> list[int]:
    """Return the primary keys of ``pages``: ``title`` (by the alphabet of ``language``) or ``new`` (one query)."""
    rows = list(pages.order_by("-first_published_at", "-pk").values_list("pk", "title"))
    if order == "title":
        rows.sort(key=lambda row: sort_key(row[1].lstrip(QUOTES), language))
    return [pk for pk, _title in rows]


def rows_of(*, pages: list[ResourcePage], language: str, access: LibraryAccess) -> list[ResourceRow]:
    """Return rows for ``pages`` (with their locales), in one query."""
    name = "topic__name_en" if get_language() == "en" else "topic__name_lt"
    named = ResourcePage.topics.through.objects.filter(resourcepage__in=[page.pk for page in pages])
    topics: dict[int, list[str]] = defaultdict(list)
    for pk, topic in named.order_by("topic__place", name).values_list("resourcepage_id", name):
        topics[pk].append(topic)
    return [
        ResourceRow(
            page=page,
            topics=topics[page.pk],
            way_in=way_in(page, access),
            foreign="" if page.locale.language_code == language else page.locale.language_code,
        )
        for page in pages
    ]


def way_in(page: ResourcePage, access: LibraryAccess) -> str:
    """Return the address at which the resource opens for a reader at home; empty where one has to come in."""
    if page.access == ResourcePage.Access.PREMISES:
        return ""
    return access.through(page.address) if page.access == ResourcePage.Access.PROXY else page.address
