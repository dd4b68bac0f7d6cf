"""Pages that an editor chose in one language, as a reader of another finds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from wagtail.models import Page

from portal.content.reports import listed_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User

Kind = TypeVar("Kind", bound=Page)


def shown_in(
    chosen: Iterable[int], language: str, user: User | AnonymousUser, model: type[Kind]
) -> dict[int, Kind]:
    """Return, for the keys of chosen pages, the live page in ``language`` or else the chosen one itself.

    What lists may not name to ``user``, and what is no ``model``, is left out. Two queries, or none.
    """
    wanted = (
        dict(Page.objects.filter(pk__in=set(chosen)).values_list("pk", "translation_key")) if chosen else {}
    )
    if not wanted:
        return {}
    pages = model._default_manager.live().filter(translation_key__in=set(wanted.values()))
    found: dict[UUID, list[Kind]] = {}
    for page in listed_for(pages.select_related("locale"), user):
        found.setdefault(page.translation_key, []).append(page)
    shown: dict[int, Kind] = {}
    for pk, key in wanted.items():
        same = found.get(key, [])
        here = [page for page in same if page.locale.language_code == language]
        usable = here or [page for page in same if page.pk == pk]
        if usable:
            shown[pk] = usable[0]
    return shown
