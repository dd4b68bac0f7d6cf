"""From a page to the frozen content of an activity version: plain JSON, and HTML made from it.

Nothing here touches the database but to read what the page points at.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from django.utils import translation
from wagtail.blocks import StreamValue
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from courses.models import LessonPage, QuizPage
from portal.content.players import hosts_in

RENDERER = 5  # raise it when a block's template changes, so that publishing freezes anew
Json = dict[str, Any]


def digest(payload: Json) -> str:
    """Return the SHA-256, in hexadecimal, of the payload's canonical JSON."""
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def lesson_payload(page: LessonPage, rendered: list[Json]) -> Json:
    """Return what a lesson is, with the correct choices of its checks.

    ``rendered`` is its HTML (``lesson_html``). Its digest is part of the lesson: what a block points at (a term's
    definition, a transcript, a document) may change while the blocks stay as they are, and learners see the change.
    """
    return {
        "kind": "lesson",
        "renderer": RENDERER,
        "title": page.title,
        "summary": page.summary,
        "minutes": page.minutes,
        "rule": page.rule,
        "body": _plain(page.body.get_prep_value()),
        "shown": digest({"segments": rendered}),
        "players": hosts_in(page.body),
        "checks": {child.id: _check(child.value) for child in page.body if child.block_type == "check"},
    }


def lesson_html(page: LessonPage) -> list[Json]:
    """Return the body as segments: ``{"html": …}`` or ``{"check": id}``, in order."""
    segments: list[Json] = []
    with translation.override(page.locale.language_code):
        for child in page.body:
            if child.block_type == "check":
                segments.append({"check": child.id})
                continue
            html = str(child.render())
            if segments and "html" in segments[-1]:
                segments[-1]["html"] += html
            else:
                segments.append({"html": html})
    return segments


def quiz_payload(page: QuizPage) -> Json:
    """Return what a quiz is: its rules and its items with what is correct and why."""
    return {
        "kind": "quiz",
        "renderer": RENDERER,
        "title": page.title,
        "summary": page.summary,
        "intro": expand_db_html(page.intro),
        "minutes": page.minutes,
        "time_limit_minutes": page.time_limit_minutes,
        "attempts_allowed": page.attempts_allowed,
        "grade_method": page.grade_method,
        "pass_percent": page.pass_percent,
        "solutions": page.solutions,
        "shuffle": page.shuffle,
        "layout": page.layout,
        "items": [_item(child) for child in page.items],
    }


def _check(value: Any) -> Json:
    return {
        "question": value["question"],
        "multiple": bool(value["multiple"]),
        "explanation": value["explanation"] or "",
        "options": [
            {
                "id": option.id,
                "text": option.value["text"],
                "correct": bool(option.value["correct"]),
                "feedback": option.value["feedback"] or "",
            }
            for option in value["options"].bound_blocks
        ],
    }


def _item(child: StreamValue.StreamChild) -> Json:
    value = child.value
    lesson: Page | None = value["lesson"]
    item: Json = {
        "id": child.id,
        "type": child.block_type,
        "prompt": expand_db_html(value["prompt"].source),
        "points": str(value["points"]),
        "explanation": expand_db_html(value["explanation"].source) if value["explanation"] else "",
        "lesson": str(lesson.translation_key) if lesson else None,
    }
    if child.block_type in {"single", "multiple"}:
        item["options"] = [
            {
                "id": option.id,
                "text": option.value["text"],
                "fraction": _fraction(child.block_type, option.value),
                "feedback": option.value["feedback"] or "",
            }
            for option in value["options"].bound_blocks
        ]
    elif child.block_type == "numeric":
        item |= {"answer": str(value["answer"]), "tolerance": str(value["tolerance"]), "unit": value["unit"]}
    else:
        item |= {"accepted": list(value["accepted"]), "fold_diacritics": bool(value["fold_diacritics"])}
    return item


def _fraction(kind: str, option: Any) -> str:
    return str(option["fraction"]) if kind == "multiple" else ("1" if option["correct"] else "0")


def _plain(value: Any) -> Any:
    """Return ``value`` with everything JSON cannot hold written as text."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value
