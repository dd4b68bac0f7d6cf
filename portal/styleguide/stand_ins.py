"""Things that look to a template like what a view gives it, and stand in no database."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml
from django.core.paginator import Page, Paginator
from django.forms import BoundField, CharField, Form, PasswordInput
from django.templatetags.static import static
from django.utils.translation import get_language

from courses.models import CoursePage
from courses.reports.states import CourseState, Item, Part
from portal.content.panels import Happening
from portal.content.sitewide import Link, Picture, Sitewide

NOBODY = UUID(int=0)  # of no activity there is
WHEN = datetime(2026, 11, 24, 17, 30, tzinfo=ZoneInfo("Europe/Vilnius"))


@cache
def _every() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("words.yaml")
    words: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return words


def words() -> dict[str, str]:
    """Return what the samples say in the active language."""
    return _every()["en" if get_language() == "en" else "lt"]


def person(*, signed_in: bool) -> Any:
    """Return a reader."""
    return SimpleNamespace(is_authenticated=signed_in, display_name="Austėja Žvirblytė")


def path() -> dict[str, Any]:
    """Return a page, and those above it."""
    w = words()
    above = [SimpleNamespace(title=w[name], get_url="#frame") for name in ("library", "module")]
    return {"above": above, "page": SimpleNamespace(title=w["lesson"])}


def state(*, done: int = 1, enrolled: bool = True, completed: bool = False) -> CourseState:
    """Return a course of three parts, the first of which are done."""
    w = words()
    titles = (("lesson", w["lesson"], 12), ("lesson", w["other_lesson"], 10), ("quiz", w["quiz"], 15))
    items = [
        Item(number, kind, title, minutes, "#outline", number < done, number == done)
        for number, (kind, title, minutes) in enumerate(titles)
    ]
    some: Any = SimpleNamespace(completed_at=WHEN)
    return CourseState(
        title=w["course"],
        url="#course",
        parts=[Part(title=w["module"], summary=w["sentence"], items=items)],
        enrolment=some if enrolled else None,
        completion=some if completed else None,
        hours=4,
        certificate=True,
    )


def row(*, percent: int | None = None, foreign: str = "") -> Any:
    """Return a course in a list."""
    w = words()
    page = SimpleNamespace(
        title=w["course"],
        summary=w["summary"],
        cover=SimpleNamespace(file=SimpleNamespace(url=static("kelrodis/card.png"))) if percent else None,
        get_url="#course",
        mode="own-pace",
        get_level_display=CoursePage.Level.BEGINNER.label,
        hours=4,
        certificate=True,
    )
    return SimpleNamespace(page=page, lessons=7, minutes=60, percent=percent, foreign=foreign)


def check(identifier: str, *, multiple: bool = False, chosen: str = "") -> Any:
    """Return a knowledge check, answered with ``right`` or ``wrong``, or not yet."""
    w = words()
    options = [
        SimpleNamespace(
            id=f"{identifier}-{name}",
            text=w[name],
            correct=name == "right",
            chosen=name == chosen,
            feedback=w["because"] if chosen and name == "wrong" else "",
        )
        for name in ("right", "wrong")
    ]
    return SimpleNamespace(
        id=identifier,
        question=w["question"],
        multiple=multiple,
        options=options,
        answered=bool(chosen),
        right=chosen == "right",
        explanation=w["because"],
    )


def item(number: int, kind: str, *, chosen: bool = False) -> dict[str, Any]:
    """Return the context of one question of a quiz."""
    w = words()
    choices = [
        {"id": f"{number}-{name}", "text": w[name], "chosen": chosen and name == "right"}
        for name in ("right", "wrong")
    ]
    question = {
        "id": f"sample-{number}",
        "number": number,
        "type": kind,
        "prompt": w["question"],
        "seq": 0,
        "options": choices if kind in {"single", "multiple"} else [],
        "text": "",
        "unit": "km" if kind == "numeric" else "",
        "flagged": chosen,
    }
    return {"item": question, "items": [1, 2, 3, 4], "attempt": _attempt()}


def _attempt() -> Any:
    return SimpleNamespace(version=SimpleNamespace(language=get_language()))


def result(fraction: float, *, answered: bool = True, solved: bool = False) -> dict[str, Any]:
    """Return the context of one question of a finished attempt; ``solved`` shows what would have been right."""
    w = words()
    options = [
        {
            "text": w[name],
            "chosen": answered and (name == "right") == (fraction == 1),
            "correct": (name == "right") if solved else None,
            "feedback": "",
        }
        for name in ("right", "wrong")
    ]
    given = {
        "prompt": w["question"],
        "fraction": fraction,
        "points": 2,
        "earned": 2 * fraction,
        "answered": answered,
        "options": options,
        "explanation": f"<p>{w['because']}</p>" if solved else "",
    }
    lesson = {"url": "#outline", "title": w["lesson"]} if solved else None
    return {"item": given, "lesson": lesson, "attempt": _attempt()}


def field(prefix: str, *, hint: bool = False, error: bool = False, secret: bool = False) -> BoundField:
    """Return a field of a form, perhaps with a hint or an error."""
    w = words()

    class Sample(Form):
        sample = CharField(
            label=w["password"] if secret else w["name"],
            help_text=w["name_hint"] if hint else "",
            widget=PasswordInput if secret else None,
            error_messages={"required": w["missing"]},
        )

    return Sample({} if error else None, prefix=prefix)["sample"]


def pages(number: int) -> Page[int]:
    """Return one of the pages of a long list."""
    return Paginator(range(95), 20).page(number)


def messages() -> list[Any]:
    """Return a message of each kind."""
    w = words()
    kinds = {"success": "saved", "info": "told", "warning": "warned", "error": "failed"}
    return [_Message(level, w[name]) for level, name in kinds.items()]


class _Message:
    """A message as Django's framework hands it to a template."""

    def __init__(self, level_tag: str, text: str) -> None:
        self.level_tag, self.text = level_tag, text

    def __str__(self) -> str:
        return self.text


def happening(tone: str = "") -> Happening:
    """Return a row of the week."""
    w = words()
    tag = {"new": w["seats"], "ok": w["open"]}.get(tone, "")
    return Happening(WHEN, w["event"], "#home", w["event_facts"], tag, tone)


def around(*, full: bool = False) -> Sitewide:
    """Return what stands around a page: as little as there may be, or all there may be."""
    w = words()
    main = [Link(w["module"], "#here", current="page"), Link(w["course"], "#course")]
    if not full:
        return Sitewide(main=main[:1])
    sign = Link(w["name"], "#sign")
    return Sitewide(
        name=w["library"],
        logo=picture(w["library"]),
        main=main,
        foot=[Link(w["library"], "#library"), Link("iBiblioteka", "https://www.ibiblioteka.lt/")],
        sign_language=sign,
        easy_language=sign,
        statement=sign,
        about=w["summary"],
        contact=w["address"],
        email="biblioteka@kelrodis.example",
        phone="+370 600 00000",
        note=w["note"],
        sponsors=picture(w["library"]),
    )


def picture(alt: str) -> Picture:
    """Return a picture of ours."""
    return Picture(static("kelrodis/star.svg"), 88, 88, alt)
