"""Samples of the blocks that hold more than prose: files, recordings, comparisons, tables, terms."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.content.players import Player
from portal.styleguide import stand_ins as some
from portal.styleguide.sample import Sample, State


def richer_blocks() -> list[Sample]:
    """Return a sample of each of these blocks' templates."""
    return [
        Sample(_("Video or sound"), "blocks/recording", _recordings()),
        Sample(_("Video at another site"), "blocks/embed", _embeds()),
        Sample(_("Document"), "blocks/document", _documents()),
        Sample(_("Comparison"), "blocks/comparison", _comparisons()),
        Sample(_("Table"), "blocks/table", [_state(_table())]),
        Sample(
            _("Terms of the glossary"),
            "blocks/terms",
            [_state({"terms": [_term("step", "because"), _term("quiz", "sentence")]})],
        ),
    ]


def _state(value: Any, label: str = "", **more: Any) -> State:
    return State(label or _("as usual"), {"value": value, **more})


def _recordings() -> list[State]:
    w = some.words()

    def recorded(kind: str) -> dict[str, Any]:
        recording = SimpleNamespace(type=kind, url="#blocks", content_type=f"{kind}/webm")
        return {"title": w["other_lesson"], "recording": recording, "caption": w["caption"]}

    track = SimpleNamespace(url="#blocks", language=get_language(), name=_("Captions"), is_first=True)
    return [
        _state(recorded("video"), _("video"), tracks=[track], transcript=w["sentence"]),
        _state(recorded("audio"), _("sound"), transcript=w["sentence"]),
    ]


def _embeds() -> list[State]:
    w = some.words()
    value = {
        "title": w["other_lesson"],
        "url": "https://video.example/1",
        "summary": f"<p>{w['sentence']}</p>",
    }
    player = Player(name="Video", host="player.video.example", src="https://player.video.example/1")
    return [_state(value, player=player), _state(value, _("from a site that is not allowed any more"))]


def _documents() -> list[State]:
    w = some.words()
    document = SimpleNamespace(url="#blocks", title=w["lesson"], file_extension="pdf", get_file_size=348_160)
    return [_state({"document": document, "title": "", "note": w["because"]})]


def _comparisons() -> list[State]:
    w = some.words()
    columns = [{"heading": w[name], "text": w["html"]} for name in ("lesson", "other_lesson", "quiz")]
    return [
        _state(
            {"title": w["module"], "columns": columns[:2], "remark": f"<p>{w['because']}</p>"}, _("of two")
        ),
        _state({"title": w["course"], "columns": columns, "remark": ""}, _("of three")),
    ]


def _table() -> dict[str, Any]:
    w = some.words()
    kinds = [SimpleNamespace(name=name) for name in ("text", "number")]
    columns = [
        SimpleNamespace(heading=w[name], block=kind)
        for name, kind in zip(("module", "seats"), kinds, strict=True)
    ]
    rows = [
        [SimpleNamespace(value=w[name], block=kinds[0]), SimpleNamespace(value=number, block=kinds[1])]
        for name, number in (("lesson", "12"), ("other_lesson", "7"), ("quiz", "1 024"))
    ]
    return {"table": SimpleNamespace(caption=w["event"], columns=columns, rows=rows), "row_headings": True}


def _term(name: str, meaning: str) -> Any:
    w = some.words()
    return SimpleNamespace(name=w[name], meaning=w[meaning])
