"""The map of the site for people: the public pages of a language as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from wagtail.models import Page, get_page_models
from wagtail.query import PageQuerySet

from portal.content.models import HomePage, ServedPage
from portal.content.reports import listed_for

MOST = 3_000  # pages on one map; of a larger site the deepest levels are found through the pages above them
TOP = 2  # the depth of home pages in Wagtail's tree


@dataclass
class Place:
    """A page on the map; without an address it only gathers the pages below it."""

    title: str
    url: str | None
    path: str
    below: list[Place] = field(default_factory=list)


def places(language: str) -> list[Place]:
    """Return what stands below the home page in ``language`` and may be named to everybody (three queries).

    A page below one that is not shown stands below the nearest one that is.
    """
    pages = _pages(language)
    top = Place(title="", url=None, path="")
    trail = [top]
    for page in pages.filter(depth__lte=_deepest(pages)).order_by("path"):
        while not page.path.startswith(trail[-1].path):
            trail.pop()
        place = Place(page.title, page.get_url() if page.specific_class.is_found else None, page.path)
        trail[-1].below.append(place)
        trail.append(place)
    return _without_empty(top.below)


def _pages(language: str) -> PageQuerySet:
    models = [model for model in get_page_models() if issubclass(model, ServedPage) and model is not HomePage]
    pages = Page.objects.live().type(*models).filter(locale__language_code=language, depth__gt=TOP)
    return listed_for(pages, AnonymousUser())


def _deepest(pages: PageQuerySet) -> int:
    """Return how deep the map may go without growing over its limit; the first level is always shown."""
    total, deepest = 0, TOP + 1
    for depth, number in pages.order_by("depth").values_list("depth").annotate(Count("pk")):
        total += number
        if total <= MOST:
            deepest = max(deepest, depth)
    return deepest


def _without_empty(found: list[Place]) -> list[Place]:
    """Leave out what only gathers and has nothing to gather."""
    for place in found:
        place.below = _without_empty(place.below)
    return [place for place in found if place.url or place.below]
