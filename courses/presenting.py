"""From frozen content to what a page shows: order, choices, feedback. Correct answers leave the
server only through here, and only once they may be seen."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from courses.models import Answer, Attempt
from courses.versions import payload_of


@dataclass(frozen=True)
class Option:
    """One choice. ``correct`` and ``feedback`` are None and empty while they may not be seen."""

    id: str
    text: str
    chosen: bool
    correct: bool | None = None
    feedback: str = ""


@dataclass(frozen=True)
class Check:
    """A knowledge check; once answered it tells what is right and why."""

    id: str
    question: str
    multiple: bool
    options: list[Option]
    answered: bool
    right: bool
    explanation: str


@dataclass(frozen=True)
class Segment:
    """A piece of a lesson: HTML, or a knowledge check."""

    html: str = ""
    check: Check | None = None


def lesson_segments(
    rendered: list[dict[str, Any]], payload: dict[str, Any], chosen: dict[str, list[str]]
) -> list[Segment]:
    """Return the lesson's pieces, its checks as they stand for this reader."""
    return [
        Segment(check=check_of(part["check"], payload["checks"][part["check"]], chosen.get(part["check"])))
        if "check" in part
        else Segment(html=part["html"])
        for part in rendered
    ]


def check_of(check_id: str, check: dict[str, Any], chosen: list[str] | None) -> Check:
    """Return a check as it stands: with what is right only when it has been answered."""
    answered = bool(chosen)
    picked = set(chosen or [])
    return Check(
        id=check_id,
        question=check["question"],
        multiple=check["multiple"],
        options=[
            Option(
                id=option["id"],
                text=option["text"],
                chosen=option["id"] in picked,
                correct=option["correct"] if answered else None,
                feedback=option["feedback"] if answered and option["id"] in picked else "",
            )
            for option in check["options"]
        ],
        answered=answered,
        right=answered and picked == {o["id"] for o in check["options"] if o["correct"]},
        explanation=check["explanation"] if answered else "",
    )


@dataclass(frozen=True)
class ItemView:
    """One item of an attempt, as the learner sees it before or after the end."""

    id: str
    number: int
    type: str
    prompt: SafeString
    points: Decimal
    options: list[Option]
    text: str
    unit: str
    seq: int
    flagged: bool
    answered: bool
    fraction: Decimal | None = None
    explanation: str = ""
    right_answer: str = ""
    lesson: str = ""

    @property
    def earned(self) -> Decimal:
        """The points the answer got; 0 before the end."""
        return self.points * (self.fraction or 0)

    @property
    def prompt_text(self) -> str:
        """The question as plain text."""
        return html.unescape(strip_tags(self.prompt.replace("<br", " <br")))


def attempt_items(attempt: Attempt, *, solutions: bool = False) -> list[ItemView]:
    """Return the attempt's items in the learner's order.

    Once it is finished, a single choice comes with whether it is right; with ``solutions`` everything comes with
    what would have been, and why.
    """
    payload = payload_of(attempt.version)
    answers = {answer.item_id: answer for answer in attempt.answers.all()}
    items = shuffled(payload["items"], attempt.seed) if payload["shuffle"] else payload["items"]
    over = attempt.state == Attempt.State.FINISHED
    return [
        _item(
            item,
            number,
            answers.get(item["id"]),
            seed=attempt.seed if payload["shuffle"] else "",
            over=over,
            solved=over and solutions,
        )
        for number, item in enumerate(items, start=1)
    ]


def inline(rich: str) -> SafeString:
    """Return an editor's rich text without its paragraphs, fit to stand in a heading, a legend or a link's name."""
    text = re.sub(r"</p>\s*<p[^>]*>", "<br>", rich.strip())
    return mark_safe(re.sub(r"</?p[^>]*>", "", text))  # noqa: S308 (Wagtail's own rich text, cleaned when saved)


def shuffled(parts: list[dict[str, Any]], seed: str) -> list[dict[str, Any]]:
    """Return ``parts`` in the order the seed gives: the same for ever, on every machine."""
    return sorted(parts, key=lambda part: hashlib.sha256(f"{seed}|{part['id']}".encode()).digest())


def _item(
    item: dict[str, Any], number: int, answer: Answer | None, *, seed: str, over: bool, solved: bool
) -> ItemView:
    response = answer.response if answer else []
    options = item.get("options", [])
    marked = solved or (
        over and item["type"] == "single"
    )  # of several, each mark would give a right answer away
    if seed:
        options = shuffled(options, seed)
    return ItemView(
        id=item["id"],
        number=number,
        type=item["type"],
        prompt=inline(item["prompt"]),
        points=Decimal(item["points"]),
        options=[_option(option, response, marked, solved) for option in options],
        text=response[0] if response and "options" not in item else "",
        unit=item.get("unit", ""),
        seq=answer.seq if answer else 0,
        flagged=bool(answer and answer.flagged),
        answered=bool(response and response != [""]),
        fraction=(answer.fraction if answer and answer.fraction is not None else Decimal(0))
        if over
        else None,
        explanation=item["explanation"] if solved else "",
        right_answer=_right_answer(item) if solved else "",
        lesson=item["lesson"] or "" if over else "",
    )


def _option(option: dict[str, Any], response: list[str], marked: bool, solved: bool) -> Option:
    chosen = option["id"] in response
    return Option(
        id=option["id"],
        text=option["text"],
        chosen=chosen,
        correct=Decimal(option["fraction"]) > 0 if solved or (marked and chosen) else None,
        feedback=option["feedback"] if marked and chosen else "",
    )


def _right_answer(item: dict[str, Any]) -> str:
    if item["type"] == "numeric":
        return str(number_format(format(Decimal(item["answer"]).normalize(), "f")))
    return str(item["accepted"][0]) if item["type"] == "short" else ""
