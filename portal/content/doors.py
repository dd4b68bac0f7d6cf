"""The ways in on the home page, as its editor chose them: only those that lead somewhere for this reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail.models import Page

from portal.content.models import HomePage
from portal.content.reports import listed_for
from portal.content.sitewide import aims_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class Door:
    """One way in."""

    eyebrow: str
    title: str
    text: str
    url: str
    language: str = ""


def doors_of(page: HomePage, user: User | AnonymousUser) -> list[Door]:
    """Return the doors of ``page`` behind which ``user`` finds something (three queries, none without doors)."""
    found = aims_of(page.doors, page.locale.language_code)
    keys = {link.page for _value, link in found if link.page}
    pages = listed_for(Page.objects.filter(pk__in=keys), user)
    shown = set(pages.values_list("pk", flat=True)) if keys else set()
    return [
        Door(value["eyebrow"], value["title"], value["text"], link.url, link.language)
        for value, link in found
        if link.page is None or link.page in shown
    ]
