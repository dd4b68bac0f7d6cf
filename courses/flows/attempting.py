"""Attempts: beginning one, saving answers as the learner goes, ending it on time."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from courses.flows import grading
from courses.models import Activity, Answer, Attempt, Enrolment
from courses.reports import attempts_of, grade_of, is_passed
from courses.versions import latest, payload_of
from portal.directory.models import User

logger = logging.getLogger("kelrodis.courses")
GRACE = timedelta(seconds=5)  # an answer sent in time may still be on its way
LONGEST_TEXT = 500


class NotPublished(Exception):
    """The quiz is not published in this language."""


class AttemptsUsedUp(Exception):
    """No attempts are left."""


class AnswersShown(Exception):
    """The right answers have been shown, so nothing more can count."""


class NotEarned(Exception):
    """The right answers are not to be had yet."""


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

    Raises NotPublished, AttemptsUsedUp, or AnswersShown. A preview left running from when the person was here as a
    teacher is ended, so that a learner's attempt counts.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # of twenty clicks, one begins
    running = (
        Attempt.objects.running().filter(enrolment=enrolment, quiz=quiz).select_related("version").first()
    )
    if running is not None and not is_over(running) and (preview or not running.preview):
        return running
    if running is not None:
        grading.submit(attempt=running)
    version = latest(activity_id=quiz.pk, language=language)
    if version is None:
        raise NotPublished
    payload = payload_of(version)
    earlier = Attempt.objects.filter(enrolment=enrolment, quiz=quiz, preview=preview)
    allowed = payload["attempts_allowed"]
    if not preview and allowed and earlier.count() >= allowed:
        raise AttemptsUsedUp
    if not preview and earlier.filter(revealed_at__isnull=False).exists():
        raise AnswersShown
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


@transaction.atomic
def reveal(*, attempt: Attempt) -> None:
    """Show the right answers to somebody who has passed: from now on their grade at the quiz stays as it is.

    Raises NotEarned before the quiz is passed, or while an attempt at it is running.
    """
    Enrolment.objects.select_for_update().get(pk=attempt.enrolment_id)
    attempts = attempts_of(enrolment=attempt.enrolment, quiz_id=attempt.quiz_id)
    running = any(other.state == Attempt.State.RUNNING for other in attempts)
    if running or attempt.preview or not is_passed(grade_of(attempts), payload_of(attempt.version)):
        raise NotEarned
    Attempt.objects.filter(pk=attempt.pk, revealed_at__isnull=True).update(revealed_at=now())


def is_over(attempt: Attempt, *, grace: timedelta = GRACE) -> bool:
    """Whether the attempt takes no more answers, by the server's clock."""
    if attempt.state != Attempt.State.RUNNING:
        return True
    return _past(attempt.deadline, grace)


def _past(deadline: datetime | None, grace: timedelta) -> bool:
    return deadline is not None and now() > deadline + grace


@transaction.atomic
def save(*, user: User, uuid: UUID, drafts: Sequence[Draft]) -> list[Saved]:
    """Keep answers of the person's own attempt, and say which save of each item now stands.

    Of two saves of one item the higher number stands, whatever order they arrive in. Raises
    Attempt.DoesNotExist for an attempt that is not theirs, AttemptOver, or InvalidAnswer (then
    nothing is kept).
    """
    own = Attempt.objects.of(user).select_related("version").defer("version__payload", "version__rendered")
    attempt = own.select_for_update(of=("self",)).get(uuid=uuid)
    if is_over(attempt):
        raise AttemptOver
    items = {item["id"]: item for item in payload_of(attempt.version)["items"]}
    latest_by_item = {draft.item_id: draft for draft in drafts}
    for draft in latest_by_item.values():
        validate(items.get(draft.item_id), draft.response)
    return _keep(attempt, latest_by_item)


def _keep(attempt: Attempt, drafts: dict[str, Draft]) -> list[Saved]:
    """Write the drafts that are newer than what stands; the attempt's row is locked."""
    standing = {row.item_id: row for row in Answer.objects.filter(attempt=attempt, item_id__in=drafts)}
    added: list[Answer] = []
    changed: list[Answer] = []
    saved: list[Saved] = []
    for item_id, draft in drafts.items():
        row = standing.get(item_id) or Answer(attempt=attempt, item_id=item_id)
        seq = row.seq + 1 if draft.seq is None else draft.seq
        stale = seq <= row.seq
        if not stale:
            row.response, row.flagged, row.seq, row.saved_at = draft.response, draft.flagged, seq, now()
            (changed if row.pk else added).append(row)
        saved.append(Saved(item_id, row.seq, stale))
    if added:
        Answer.objects.bulk_create(added)
    for row in changed:
        row.save(update_fields=["response", "flagged", "seq", "saved_at"])
    return saved


def validate(item: grading.Item | None, response: list[str]) -> None:
    """Raise InvalidAnswer unless ``response`` is one this item can have (none at all is one)."""
    if item is None or not all(isinstance(part, str) for part in response):
        raise InvalidAnswer
    if item["type"] in {"single", "multiple"}:
        options = {option["id"] for option in item["options"]}
        most = 1 if item["type"] == "single" else len(options)
        if len(response) > most or not set(response) <= options:
            raise InvalidAnswer
    elif len(response) > 1 or not all(_can_be_kept(text) for text in response):
        raise InvalidAnswer


def _can_be_kept(text: str) -> bool:
    """Whether the text is short enough, and text: no NUL, no half of a pair of surrogates."""
    return len(text) <= LONGEST_TEXT and not any(
        mark == "\x00" or "\ud800" <= mark <= "\udfff" for mark in text
    )


def close_overdue(*, limit: int = 500) -> int:
    """End attempts whose time is up though nobody came back to them; return how many."""
    overdue = Attempt.objects.overdue(now() - GRACE).select_related("enrolment", "quiz", "version")
    count = 0
    for attempt in overdue.order_by("deadline")[:limit]:
        try:
            grading.submit(attempt=attempt)
        except Exception:  # one attempt that cannot be graded must not keep the others open
            logger.exception("attempt %s could not be closed", attempt.uuid)
        else:
            count += 1
    return count
