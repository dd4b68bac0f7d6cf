"""Samples of the blocks pages are written in. Whoever adds a block adds its sample here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

from portal.styleguide import stand_ins as some
from portal.styleguide.richer import richer_blocks
from portal.styleguide.sample import Sample, State


def blocks() -> list[Sample]:
    """Return a sample of each block's template."""
    w = some.words()
    callouts = {
        "try": _("to try"),
        "note": _("to know"),
        "warning": _("to beware of"),
        "example": _("example"),
    }
    return [
        Sample(_("Text"), "blocks/text", [_state(w["html"])]),
        Sample(_("Heading"), "blocks/heading", [_state(w["lesson"])]),
        Sample(
            _("Callout"),
            "blocks/callout",
            [
                _state({"kind": kind, "title": f"{w['step']} ({label})", "text": w["html"]}, label)
                for kind, label in callouts.items()
            ],
        ),
        Sample(
            _("Picture in a text"),
            "blocks/figure",
            [
                _state(
                    {"image": _image(), "alt": w["caption"], "caption": w["caption"]}, _("with a caption")
                ),
                _state({"image": _image(), "decorative": True}, _("decoration")),
            ],
        ),
        *_sources(),
        *richer_blocks(),
    ]


def _sources() -> list[Sample]:
    w = some.words()
    return [
        Sample(
            _("Steps"),
            "blocks/steps",
            [_state({"title": w["lesson"], "items": [{"title": w["step"], "text": w["step_text"]}] * 2})],
        ),
        Sample(
            _("Source"),
            "blocks/citation",
            [
                _state(_source(url="https://kelrodis.example/", note=w["because"]), _("with an address")),
                _state(_source(language="en"), _("in another language")),
            ],
        ),
    ]


def _state(value: Any, label: str = "") -> State:
    return State(label or _("as usual"), {"value": value})


def _image() -> Any:
    file = SimpleNamespace(url=static("kelrodis/card.png"))
    return SimpleNamespace(is_svg=True, file=file, width=1200, height=630)


def _source(**more: str) -> dict[str, str]:
    w = some.words()
    return {
        "authors": "A. Žvirblytė",
        "title": w["lesson"],
        "year": "2026",
        "publisher": w["library"],
        **more,
    }
