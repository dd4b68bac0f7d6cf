"""What stands beside a list or a guide: the guide, its lists, its librarian, courses, and the library's search.

With them a list or guide is the library's page for a course: whoever leads a reader to one has led them to all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wagtail.models import Page

from portal.catalogue.models import (
    LibraryAccess,
    ResourceListPage,
    ResourcePage,
    SubjectGuidePage,
    SubjectLibrarian,
)
from portal.catalogue.reports.translated import shown_in
from portal.content.reports import listed_for

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class Learning:
    """A course, lesson or quiz worth taking."""

    title: str
    url: str
    kind: str


@dataclass(frozen=True)
class Beside:
    """What stands beside a page; what there is nothing of is None or empty."""

    guide: SubjectGuidePage | None = None
    lists: list[ResourceListPage] = field(default_factory=list)
    librarian: SubjectLibrarian | None = None
    learning: list[Learning] = field(default_factory=list)
    search: ResourcePage | None = None
    may_ask: bool = False


def beside(
    page: ResourceListPage | SubjectGuidePage,
    *,
    language: str,
    user: User | AnonymousUser,
    access: LibraryAccess,
) -> Beside:
    """Return what stands beside ``page`` for this reader, in a constant number of queries."""
    guide = page if isinstance(page, SubjectGuidePage) else guide_of(page, language, user)
    search = library_search(access, language, user)
    if guide is None:
        return Beside(search=search)
    librarian = _librarian(guide)
    return Beside(
        guide=None if guide is page else guide,
        lists=_lists(guide, page, language, user),
        librarian=librarian,
        may_ask=may_ask(guide, access),
        learning=_learning(guide, language, user),
        search=search,
    )


def may_ask(guide: SubjectGuidePage, access: LibraryAccess) -> bool:
    """Whether somebody takes questions from the guide: its librarian, or the library's fallback address."""
    return guide.librarian_id is not None or bool(access.fallback_email)


def library_search(access: LibraryAccess, language: str, user: User | AnonymousUser) -> ResourcePage | None:
    """Return the resource through which the library is searched; None where none is set, or it has no search."""
    if access.search_id is None:
        return None
    found = shown_in([access.search_id], language, user, ResourcePage).get(access.search_id)
    return found if found is not None and found.search_address else None


def guide_of(page: ResourceListPage, language: str, user: User | AnonymousUser) -> SubjectGuidePage | None:
    """Return the list's guide in ``language``."""
    if page.guide_id is None:
        return None
    return shown_in([page.guide_id], language, user, SubjectGuidePage).get(page.guide_id)


def _librarian(guide: SubjectGuidePage) -> SubjectLibrarian | None:
    if guide.librarian_id is None:
        return None
    return SubjectLibrarian.objects.select_related("photo").filter(pk=guide.librarian_id).first()


def _lists(
    guide: SubjectGuidePage, page: Page, language: str, user: User | AnonymousUser
) -> list[ResourceListPage]:
    """Return the guide's lists in ``language`` but for ``page``, by their titles."""
    lists = ResourceListPage.objects.live().filter(
        guide__translation_key=guide.translation_key, locale__language_code=language
    )
    return list(listed_for(lists.exclude(pk=page.pk), user).order_by("title"))


def _learning(guide: SubjectGuidePage, language: str, user: User | AnonymousUser) -> list[Learning]:
    chosen = [child.value.pk for child in guide.learning if child.value is not None]
    pages = shown_in(chosen, language, user, Page)
    return [
        Learning(
            title=pages[pk].title,
            url=pages[pk].get_url() or "",
            kind=str(pages[pk].specific_class._meta.verbose_name),
        )
        for pk in dict.fromkeys(chosen)
        if pk in pages
    ]
