"""A list or guide as one reader finds it: its sections, what is in them, and what of it has been read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.catalogue.blocks import IMPORTANCE
from portal.catalogue.models import ReadMark, ResourceListPage, ResourcePage, SubjectGuidePage
from portal.catalogue.reports.translated import shown_in

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


@dataclass(frozen=True)
class Item:
    """Something to read or use. ``page`` is the resource's; ``url`` is where the title leads, empty for print only.

    ``read`` is None where no marks are kept: of guides, and for visitors.
    """

    id: str
    title: str
    url: str
    note: str
    importance: str
    importance_label: str
    page: ResourcePage | None = None
    authors: str = ""
    published: str = ""
    call_number: str = ""
    language: str = ""
    read: bool | None = None


@dataclass(frozen=True)
class Section:
    """A week or a theme."""

    title: str
    text: Any
    items: list[Item]


@dataclass(frozen=True)
class Reading:
    """All sections, how many items there are and how many of them are marked; ``read`` is None without marks."""

    sections: list[Section]
    total: int
    read: int | None

    @property
    def percent(self) -> int:
        """How much of it is marked, in whole per cent."""
        return round(100 * (self.read or 0) / self.total) if self.total else 0


def items_of(page: ResourceListPage) -> set[str]:
    """Return the identifiers of all items of the list."""
    return {str(child.id) for _section, child in _children(page)}


def reading_of(
    page: ResourceListPage | SubjectGuidePage, language: str, user: User | AnonymousUser
) -> Reading:
    """Return the page's sections for ``user``, in three queries at most.

    Items whose resource is not published, or not for this reader, are left out, and sections without items with
    nothing to say, too.
    """
    chosen = [
        child.value.get("page") for _section, child in _children(page) if child.block_type == "resource"
    ]
    resources = shown_in([one.pk for one in chosen if one is not None], language, user, ResourcePage)
    marked = _marked(page, user)
    sections = []
    for section in page.sections:
        items = [
            item
            for child in section.value["items"]
            if (item := _item(child, resources, marked, language)) is not None
        ]
        if items or section.value["text"]:
            sections.append(Section(section.value["title"], section.value["text"], items))
    every = [item for section in sections for item in section.items]
    read = None if marked is None else sum(bool(item.read) for item in every)
    return Reading(sections, len(every), read)


def _children(page: ResourceListPage | SubjectGuidePage) -> Iterator[tuple[Any, Any]]:
    for section in page.sections:
        for child in section.value["items"]:
            yield section, child


def _marked(page: ResourceListPage | SubjectGuidePage, user: User | AnonymousUser) -> set[str] | None:
    if not isinstance(page, ResourceListPage) or not user.is_authenticated:
        return None
    return set(ReadMark.objects.of(user).on(page.translation_key).values_list("item", flat=True))


def _item(
    child: Any, resources: dict[int, ResourcePage], marked: set[str] | None, language: str
) -> Item | None:
    value, identifier = child.value, str(child.id)
    usual: dict[str, Any] = {
        "id": identifier,
        "note": value["note"] or "",
        "importance": value["importance"],
        "importance_label": str(dict(IMPORTANCE).get(value["importance"], "")),
        "read": None if marked is None else identifier in marked,
    }
    if child.block_type == "resource":
        page = resources.get(value["page"].pk) if value["page"] is not None else None
        if page is None:
            return None
        code = page.locale.language_code
        foreign = "" if code == language else code
        return Item(title=page.title, url=page.get_url() or "", page=page, language=foreign, **usual)
    words = ("authors", "published", "call_number", "language", "url")
    usual |= {name: value[name] or "" for name in words}
    return Item(title=value["title"], **usual)
