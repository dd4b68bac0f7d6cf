"""Grading: items, attempts, and what follows from a graded attempt."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from courses.flows import completion
from courses.models import ActivityCompletion, Answer, Attempt
from courses.reports import is_passed, quiz_grade
from courses.versions import payload_of
from portal.outbox.recording import record

Item = dict[str, Any]
ZERO, ONE = Decimal(0), Decimal(1)
MOST_DIGITS = 15  # of a number before its decimal mark; beyond them nobody asks for one


def item_fraction(item: Item, response: list[str]) -> Decimal:
    """Return the share (0 to 1) of the item's points that ``response`` earns.

    Choices: the sum of the chosen shares, of what all right ones make together (authors write a third as 0.333),
    clipped to [0, 1]. Number: all within the tolerance,
    else nothing. Short text: all when it equals an accepted answer, else nothing.
    """
    if not response:
        return ZERO
    if item["type"] in {"single", "multiple"}:
        shares = {option["id"]: Decimal(option["fraction"]) for option in item["options"]}
        whole = sum((share for share in shares.values() if share > 0), ZERO) or ONE
        total = sum((shares.get(chosen, ZERO) for chosen in set(response)), ZERO)
        return min(max(total / whole, ZERO), ONE)
    if item["type"] == "numeric":
        number = parse_number(response[0])
        near = number is not None and abs(number - Decimal(item["answer"])) <= Decimal(item["tolerance"])
        return ONE if near else ZERO
    fold = item["fold_diacritics"]
    wanted = {normal(text, fold=fold) for text in item["accepted"]}
    return ONE if normal(response[0], fold=fold) in wanted else ZERO


def parse_number(text: str) -> Decimal | None:
    """Return the number a person wrote, with a comma or a point, spaces between thousands."""
    compact = "".join(text.split()).replace("\u2212", "-").replace(",", ".")
    if len(compact) > 40:
        return None
    try:
        number = Decimal(compact)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() <= MOST_DIGITS else None


def normal(text: str, *, fold: bool) -> str:
    """Return ``text`` as it is compared: NFC, case folded, single spaces, perhaps no diacritics.

    Source: Unicode UAX #15; folding takes ė as e and ų as u, as people type on foreign keyboards.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    if fold:
        parts = unicodedata.normalize("NFD", folded)
        folded = "".join(part for part in parts if not unicodedata.combining(part))
    return " ".join(folded.split())


@transaction.atomic
def submit(*, attempt: Attempt) -> Attempt:
    """End the attempt, grade it, and let everything that follows happen or nothing at all.

    Submitting twice has one effect: the first ends the attempt, the second finds it ended.
    """
    moment = now()
    ended_at = min(moment, attempt.deadline) if attempt.deadline else moment
    won = (
        Attempt.objects.running()
        .filter(pk=attempt.pk)
        .update(state=Attempt.State.FINISHED, finished_at=ended_at)
    )
    attempt.refresh_from_db(fields=["state", "finished_at", "points", "points_max"])
    if not won:
        return attempt
    _grade(attempt)
    if not attempt.preview:
        _pass_if_earned(attempt)
        record("courses.attempt_graded", attempt_id=attempt.pk)
    return attempt


def _grade(attempt: Attempt) -> None:
    """Write the share each answer earned, and the attempt's points."""
    items = {item["id"]: item for item in payload_of(attempt.version)["items"]}
    answers = list(attempt.answers.all())
    points = ZERO
    for answer in answers:
        item = items[answer.item_id]
        answer.fraction = item_fraction(item, answer.response)
        points += answer.fraction * Decimal(item["points"])
    Answer.objects.bulk_update(answers, ["fraction"])
    attempt.points = points.quantize(Decimal("0.001"))
    attempt.points_max = sum((Decimal(item["points"]) for item in items.values()), ZERO)
    attempt.save(update_fields=["points", "points_max"])


def _pass_if_earned(attempt: Attempt) -> None:
    """Count the quiz as passed when the grade reaches its bound, and evaluate the course."""
    grade = quiz_grade(attempt.enrolment, attempt.quiz)
    if not is_passed(grade, payload_of(attempt.version)):
        return
    _row, created = ActivityCompletion.objects.get_or_create(
        enrolment_id=attempt.enrolment_id,
        activity_id=attempt.quiz_id,
        defaults={"version_id": attempt.version_id},
    )
    if created:
        completion.evaluate(enrolment=attempt.enrolment, language=attempt.version.language)
