"""Two accounts turn out to be one person's: the learning of the one becomes the other's.

Where both took the same course, nothing that was reached is lost: lessons and quizzes done in either are done, the
attempts of both are there in the order they were begun, and the newer answer to a knowledge check stands.
"""

from __future__ import annotations

from django.db import models, transaction

from courses.flows import completion, grading
from courses.models import ActivityCompletion, Attempt, CheckResponse, Completion, Enrolment
from portal.directory.models import User

ASIDE = 1_000_000  # added to numbers while attempts are put in order: no attempt has so high a one


@transaction.atomic
def move(*, source: User, target: User) -> None:
    """Give the enrolments of ``source`` to ``target``, with all that hangs on them."""
    own = {row.course_id: row for row in Enrolment.objects.select_for_update().filter(user=target)}
    for enrolment in Enrolment.objects.select_for_update().filter(user=source).order_by("pk"):
        if enrolment.course_id in own:
            _merge(enrolment, own[enrolment.course_id])
        else:
            enrolment.user = target
            enrolment.save(update_fields=["user"])


def _merge(other: Enrolment, own: Enrolment) -> None:
    """Put what was done in ``other`` into ``own``, the enrolment that stays, and delete the empty one."""
    _end_older_attempts(other, own)
    _merge_done(other, own)
    _merge_checks(other, own)
    _merge_attempts(other, own)
    if not Completion.objects.filter(enrolment=own).exists():
        Completion.objects.filter(enrolment=other).update(enrolment=own)
    own.started_at = min(own.started_at, other.started_at)
    own.library_id = own.library_id or other.library_id
    own.save(update_fields=["started_at", "library"])
    Enrolment.objects.get(pk=other.pk).delete()
    last = ActivityCompletion.objects.filter(enrolment=own).select_related("version").order_by("completed_at")
    if latest := last.last():
        completion.evaluate(enrolment=own, language=latest.version.language)


def _end_older_attempts(other: Enrolment, own: Enrolment) -> None:
    """Of two attempts at a quiz that are under way, end the one that was begun first, as it stands.

    One in which nothing has been answered goes: as a finished one it would count for nothing, or against the person.
    """
    running = Attempt.objects.running().filter(enrolment__in=[other, own]).order_by("-started_at", "-pk")
    seen: set[int] = set()
    for attempt in running.select_related("version", "enrolment", "quiz"):
        answered = attempt.answers.exclude(response=[]).exists()
        if attempt.quiz_id in seen and answered:
            grading.submit(attempt=attempt)
        elif attempt.quiz_id in seen:
            attempt.delete()
        seen.add(attempt.quiz_id)


def _merge_done(other: Enrolment, own: Enrolment) -> None:
    """Keep each activity done in either; of two, the one that was done first."""
    there = {row.activity_id: row for row in ActivityCompletion.objects.filter(enrolment=own)}
    for row in ActivityCompletion.objects.filter(enrolment=other):
        mine = there.get(row.activity_id)
        if mine is None or row.completed_at < mine.completed_at:
            _take(row, own, instead_of=mine)


def _merge_checks(other: Enrolment, own: Enrolment) -> None:
    """Keep the newer answer to each knowledge check."""
    there = {(row.lesson_id, row.check_id): row for row in CheckResponse.objects.filter(enrolment=own)}
    for row in CheckResponse.objects.filter(enrolment=other):
        mine = there.get((row.lesson_id, row.check_id))
        if mine is None or row.answered_at > mine.answered_at:
            _take(row, own, instead_of=mine)


def _take(row: models.Model, own: Enrolment, *, instead_of: models.Model | None) -> None:
    if instead_of is not None:
        instead_of.delete()
    row.enrolment = own  # type: ignore[attr-defined]
    row.save(update_fields=["enrolment"])


def _merge_attempts(other: Enrolment, own: Enrolment) -> None:
    """Let ``own`` have the attempts of both, numbered anew in the order they were begun."""
    for quiz_id, preview in set(Attempt.objects.filter(enrolment=other).values_list("quiz_id", "preview")):
        both = Attempt.objects.filter(enrolment__in=[other, own], quiz_id=quiz_id, preview=preview)
        ordered = list(both.order_by("started_at", "pk").values_list("pk", flat=True))
        both.filter(enrolment=own).update(number=models.F("number") + ASIDE)
        both.filter(enrolment=other).update(enrolment=own, number=models.F("number") + 2 * ASIDE)
        for number, pk in enumerate(ordered, start=1):
            Attempt.objects.filter(pk=pk).update(number=number)
