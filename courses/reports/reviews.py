"""What one learner did, for whoever teaches them: the attempts at a quiz, and how far they are in the course."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.models import Activity, ActivityCompletion, Attempt, Enrolment
from courses.presenting import ItemView, attempt_items
from courses.reports.grades import attempts_of, grade_of, graded_attempt, is_passed
from courses.reports.states import Item, Part
from courses.versions import payload_of
from portal.directory.models import User


@dataclass(frozen=True)
class QuizReview:
    """A learner's attempts at a quiz, the latest first, previews left out; one of them with its items.

    ``shown`` is a finished one: the one asked for, else ``counts``, the one the grade is of; None before there is
    one. ``grade`` is what the quiz's method makes of them, 0 to 100. The items come with what would have been right.
    """

    quiz: dict[str, Any]
    attempts: list[Attempt]
    counts: Attempt | None
    shown: Attempt | None
    items: list[ItemView]
    grade: float | None
    passed: bool

    @property
    def language(self) -> str:
        """The language of the attempt shown, or of the latest one."""
        return (self.shown or self.attempts[0]).version.language

    @property
    def percent(self) -> float | None:
        """The result of the attempt shown, 0 to 100."""
        return None if self.shown is None else 100 * (self.shown.fraction or 0.0)

    @property
    def by_clock(self) -> bool:
        """Whether the attempt shown ended because its time was up."""
        shown = self.shown
        return bool(shown and shown.deadline and shown.finished_at and shown.finished_at >= shown.deadline)


@dataclass(frozen=True)
class PartReview:
    """A lesson or quiz as the learner left it; ``grade`` of a quiz 0 to 100, ``attempts`` handed in."""

    item: Item
    done_at: datetime | None
    grade: float | None
    attempts: int


@dataclass(frozen=True)
class CourseReview:
    """How far a learner is in a course, part by part."""

    started_at: datetime
    completed_at: datetime | None
    parts: list[tuple[str, list[PartReview]]]

    @property
    def items(self) -> list[PartReview]:
        """All lessons and quizzes, in order."""
        return [item for _title, items in self.parts for item in items]

    @property
    def done(self) -> int:
        """How many of them are done."""
        return sum(item.done_at is not None for item in self.items)

    @property
    def percent(self) -> int:
        """The share of them, 0 to 100."""
        return round(100 * self.done / len(self.items)) if self.items else 0


def has_work(*, user: User, activity: Activity) -> bool:
    """Whether there is anything to look at: an attempt at a quiz, or a course begun."""
    if activity.kind == Activity.Kind.QUIZ:
        return Attempt.objects.of(user).filter(quiz=activity, preview=False).exists()
    return Enrolment.objects.of(user).filter(course=activity).exists()


def quiz_review(*, user: User, quiz: Activity, number: int | None) -> QuizReview | None:
    """Return the learner's attempts, that of ``number`` shown if it is finished; None where there is none.

    For those who may see right answers (docs/decisions/0007-right-answers.md). Three queries, however many
    attempts and items there are.
    """
    enrolment = Enrolment.objects.of(user).filter(course=quiz.course_id).first()
    attempts = [one for one in attempts_of(enrolment=enrolment, quiz_id=quiz.pk) if not one.preview]
    if not attempts:
        return None
    counts, grade = graded_attempt(attempts), grade_of(attempts)
    wanted = (one for one in attempts if one.number == number and one.state == Attempt.State.FINISHED)
    shown = next(wanted, counts)
    payload = payload_of((shown or attempts[0]).version)
    return QuizReview(
        quiz=payload,
        attempts=attempts,
        counts=counts,
        shown=shown,
        items=attempt_items(shown, solutions=True) if shown else [],
        grade=None if grade is None else 100 * grade,
        passed=is_passed(grade, payload_of((counts or attempts[0]).version)),
    )


def course_review(*, user: User, course: Activity, parts: list[Part]) -> CourseReview | None:
    """Return how far the learner is in ``parts`` (``CourseState.parts``); None before they began (three queries)."""
    enrolments = Enrolment.objects.of(user).filter(course=course).select_related("completion")
    enrolment = enrolments.first()
    if enrolment is None:
        return None
    rows = ActivityCompletion.objects.filter(enrolment=enrolment)
    done = dict(rows.values_list("activity_id", "completed_at"))
    attempts = _attempts(enrolment)
    completion = getattr(enrolment, "completion", None)
    return CourseReview(
        started_at=enrolment.started_at,
        completed_at=completion.completed_at if completion else None,
        parts=[
            (part.title, [_part(item, done.get(item.activity_id), attempts) for item in part.items])
            for part in parts
        ],
    )


def _attempts(enrolment: Enrolment) -> dict[int, list[Attempt]]:
    """Return the attempts by quiz, the latest first, previews left out."""
    found: dict[int, list[Attempt]] = defaultdict(list)
    rows = Attempt.objects.filter(enrolment=enrolment, preview=False).select_related("version")
    for attempt in rows.defer("version__payload", "version__rendered").order_by("-number"):
        found[attempt.quiz_id].append(attempt)
    return found


def _part(item: Item, done_at: datetime | None, attempts: dict[int, list[Attempt]]) -> PartReview:
    own = attempts.get(item.activity_id, [])
    grade = grade_of(own)
    finished = sum(attempt.state == Attempt.State.FINISHED for attempt in own)
    return PartReview(item, done_at, None if grade is None else 100 * grade, finished)
