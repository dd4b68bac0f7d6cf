"""Attempts: beginning one, saving answers as the learner goes, ending it on time."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import now

from courses.flows import grading
from courses.models import Activity, Answer, Attempt, Enrolment
from courses.versions import latest, payload_of

GRACE = timedelta(seconds=5)  # an answer sent in time may still be on its way
LONGEST_TEXT = 500


class NotPublished(Exception):
    """The quiz is not published in this language."""


class AttemptsUsedUp(Exception):
    """No attempts are left."""


class AttemptOver(Exception):
    """The attempt has ended, by the learner or by the clock."""


class InvalidAnswer(Exception):
    """The answer names an item or a choice the quiz does not have, or is no answer at all."""


@dataclass(frozen=True)
class Draft:
    """One answer as the learner's page sends it. ``seq`` None: whatever is there, this is newer."""

    item_id: str
    response: list[str]
    flagged: bool
    seq: int | None


@dataclass(frozen=True)
class Saved:
    """What became of a draft: the number of the save that now stands, and whether it was this."""

    item_id: str
    seq: int
    stale: bool


@transaction.atomic
def start(*, enrolment: Enrolment, quiz: Activity, language: str, preview: bool) -> Attempt:
    """Return the running attempt, or begin the next one at the version published now.

    Raises NotPublished, or AttemptsUsedUp.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # of twenty clicks, one begins
    running = Attempt.objects.running().filter(enrolment=enrolment, quiz=quiz).select_related("version").first()
    if running is not None and not is_over(running):
        return running
    if running is not None:
        grading.submit(attempt=running)
    version = latest(activity_id=quiz.pk, language=language)
    if version is None:
        raise NotPublished
    payload = payload_of(version)
    earlier = Attempt.objects.filter(enrolment=enrolment, quiz=quiz)
    allowed = payload["attempts_allowed"]
    if not preview and allowed and earlier.filter(preview=False).count() >= allowed:
        raise AttemptsUsedUp
    moment = now()
    limit = payload["time_limit_minutes"]
    return Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        version=version,
        number=earlier.count() + 1,
        preview=preview,
        seed=secrets.token_hex(8),
        started_at=moment,
        deadline=moment + timedelta(minutes=limit) if limit else None,
    )


def is_over(attempt: Attempt, *, grace: timedelta = GRACE) -> bool:
    """Whether the attempt takes no more answers, by the server's clock."""
    if attempt.state != Attempt.State.RUNNING:
        return True
    return _past(attempt.deadline, grace)


def _past(deadline: datetime | None, grace: timedelta) -> bool:
    return deadline is not None and now() > deadline + grace


@transaction.atomic
def save(*, attempt: Attempt, drafts: Sequence[Draft]) -> list[Saved]:
    """Keep answers; of two saves of one item the higher number stands, whatever order they arrive in.

    Raises AttemptOver, or InvalidAnswer (then nothing is kept).
    """
    locked = Attempt.objects.select_for_update().only("state", "deadline").get(pk=attempt.pk)
    if is_over(locked):
        raise AttemptOver
    items = {item["id"]: item for item in payload_of(attempt.version)["items"]}
    for draft in drafts:
        validate(items.get(draft.item_id), draft.response)
    return [_save_one(attempt, draft) for draft in drafts]


def _save_one(attempt: Attempt, draft: Draft) -> Saved:
    row = Answer.objects.filter(attempt=attempt, item_id=draft.item_id)
    values = {"response": draft.response, "flagged": draft.flagged, "saved_at": now()}
    if draft.seq is not None and row.filter(seq__lt=draft.seq).update(seq=draft.seq, **values):
        return Saved(draft.item_id, draft.seq, stale=False)
    standing = row.values_list("seq", flat=True).first()
    if standing is None:
        seq = draft.seq or 1
        Answer.objects.create(attempt=attempt, item_id=draft.item_id, seq=seq, **values)
        return Saved(draft.item_id, seq, stale=False)
    if draft.seq is None:
        row.update(seq=standing + 1, **values)
        return Saved(draft.item_id, standing + 1, stale=False)
    return Saved(draft.item_id, standing, stale=True)


def validate(item: grading.Item | None, response: list[str]) -> None:
    """Raise InvalidAnswer unless ``response`` is one this item can have (none at all is one)."""
    if item is None or not all(isinstance(part, str) for part in response):
        raise InvalidAnswer
    if item["type"] in {"single", "multiple"}:
        options = {option["id"] for option in item["options"]}
        most = 1 if item["type"] == "single" else len(options)
        if len(response) > most or not set(response) <= options:
            raise InvalidAnswer
    elif len(response) > 1 or any(len(text) > LONGEST_TEXT or "\x00" in text for text in response):
        raise InvalidAnswer


def close_overdue(*, limit: int = 500) -> int:
    """End attempts whose time is up though nobody came back to them; return how many."""
    overdue = Attempt.objects.overdue(now() - GRACE).select_related("enrolment", "quiz", "version")
    count = 0
    for attempt in overdue.order_by("deadline")[:limit]:
        grading.submit(attempt=attempt)
        count += 1
    return count
