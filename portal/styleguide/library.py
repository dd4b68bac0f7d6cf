"""Samples of what shows library resources."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

from portal.catalogue.models import ResourcePage
from portal.catalogue.reports import Item, Reading, ResourceRow, Section
from portal.styleguide import stand_ins as some
from portal.styleguide.sample import Sample, State


def library() -> list[Sample]:
    """Return a sample of each of these templates."""
    accesses = [
        State(str(label), {"resource": _resource(access=value)})
        for value, label in ResourcePage.Access.choices
    ]
    search = SimpleNamespace(title=some.words()["library"], translation_key=some.NOBODY)
    form = {"search": search}
    return [
        Sample(_("Who may use a resource"), "access", accesses),
        Sample(_("Resource in a list"), "resource_row", _rows()),
        Sample(_("Item of a reading list"), "reading_item", _items(), within="ol"),
        Sample(_("Progress of reading"), "reading_progress", [State(_("begun"), {"reading": _reading()})]),
        Sample(_("Subject librarian"), "librarian_card", _cards()),
        Sample(_("The library’s search"), "library_search", [State(_("as usual"), form)]),
        Sample(
            _("Long field of a form"),
            "text_area",
            [
                State(_("with a hint"), {"field": some.field("e", hint=True)}),
                State(_("with an error"), {"field": some.field("f", hint=True, error=True)}),
            ],
        ),
    ]


def _resource(*, access: str, kind: str = "database") -> Any:
    w = some.words()
    return SimpleNamespace(
        title=w["library"],
        summary=w["summary"],
        get_url="#library",
        access=access,
        get_access_display=ResourcePage.Access(access).label,
        get_kind_display=ResourcePage.Kind(kind).label,
    )


def _rows() -> list[State]:
    topics = [some.words()["module"]]
    ways = {"open": "#library", "premises": ""}
    return [
        State(
            str(ResourcePage.Access(access).label),
            {"row": ResourceRow(_resource(access=access, kind="journal"), topics, way, foreign="")},
        )
        for access, way in ways.items()
    ]


def _item(number: int, **more: Any) -> Item:
    w = some.words()
    usual = {"note": w["because"], "importance": "required", "importance_label": _("required")}
    return Item(**{"id": f"sample-{number}", "title": w["other_lesson"], "url": "", **usual, **more})


def _items() -> list[State]:
    w = some.words()
    book = {"authors": w["name"], "published": w["library"], "call_number": "316 Ša-1"}
    shown = [
        (_("visitor"), _item(1, **book)),
        (_("not read"), _item(2, read=False, **book)),
        (_("read"), _item(3, read=True, **book)),
        (_("resource"), _item(4, page=_resource(access="members"), url="#library", read=False)),
    ]
    return [State(label, {"item": item, "list_key": some.NOBODY}) for label, item in shown]


def _reading() -> Reading:
    items = [_item(5, read=True), _item(6, read=False), _item(7, read=False)]
    return Reading([Section("", "", items)], total=3, read=1)


def _cards() -> list[State]:
    w = some.words()
    person = SimpleNamespace(
        name="Austėja Žvirblytė",
        position=w["name"],
        place=w["library"],
        hours=w["event_facts"],
        email="biblioteka@kelrodis.example",
        phone="+370 600 00000",
        photo_url="",
    )
    pictured = SimpleNamespace(**vars(person) | {"photo_url": static("kelrodis/card.png")})
    states = {_("with a photo"): pictured, _("as usual"): person, _("nobody named"): None}
    return [
        State(label, {"beside": SimpleNamespace(librarian=one), "ask_key": some.NOBODY})
        for label, one in states.items()
    ]
