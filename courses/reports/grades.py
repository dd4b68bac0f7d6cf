"""Grades: of attempts, of quizzes, and what a finished attempt may show."""

from __future__ import annotations

from typing import Any

from courses.models import Activity, Attempt, Enrolment
from courses.versions import latest, payload_of


def quiz_grade(enrolment: Enrolment, quiz: Activity) -> float | None:
    """Return the grade (0 to 1) the quiz's method makes of the finished attempts; None before one."""
    return grade_of(attempts_of(enrolment=enrolment, quiz_id=quiz.pk))


def grade_of(attempts: list[Attempt]) -> float | None:
    """Return the grade (0 to 1) of ``attempts``, given the latest first, by the latest one's method."""
    counted = [attempt for attempt in attempts if attempt.state == "finished" and not attempt.preview]
    if not counted:
        return None
    fractions = [attempt.fraction or 0.0 for attempt in counted]
    method = payload_of(counted[0].version)["grade_method"]
    if method == "last":
        return fractions[0]
    return max(fractions) if method == "best" else sum(fractions) / len(fractions)


def graded_attempt(attempts: list[Attempt]) -> Attempt | None:
    """Return the one of ``attempts``, given the latest first, that the grade is of: the best, the first of equals.

    Where the last one counts, or all do, it is the latest. None before one is finished.
    """
    counted = [attempt for attempt in attempts if attempt.state == "finished" and not attempt.preview]
    if not counted:
        return None
    if payload_of(counted[0].version)["grade_method"] != "best":
        return counted[0]
    return max(reversed(counted), key=lambda attempt: attempt.fraction or 0.0)


def gives_result(activity: Activity, language: str) -> bool:
    """Whether there is ever a result: a quiz has a grade, a course is completed once it has parts, a lesson neither."""
    if activity.kind != Activity.Kind.COURSE:
        return activity.kind == Activity.Kind.QUIZ
    version = latest(activity_id=activity.pk, language=language) or latest(
        activity_id=activity.pk, language="lt"
    )
    return version is not None and any(module["items"] for module in payload_of(version)["outline"])


def attempts_left(enrolment: Enrolment, quiz: Activity, payload: dict[str, Any]) -> int | None:
    """Return how many attempts the quiz still allows; None when it does not count them."""
    allowed = payload["attempts_allowed"]
    if not allowed:
        return None
    used = Attempt.objects.filter(enrolment=enrolment, quiz=quiz, preview=False).count()
    return max(int(allowed) - used, 0)


def shows_solutions(attempt: Attempt, *, teacher: bool) -> bool:
    """Whether a finished attempt may show what would have been right: only once it can no longer help a grade.

    That is when no attempt is left, when the person has passed and asked for it (``attempting.reveal``), or with the
    full grade; with the rule ``always`` after every attempt. Never while an attempt of theirs is running. A preview
    shows it to a teacher.
    """
    attempts = attempts_of(enrolment=attempt.enrolment, quiz_id=attempt.quiz_id)
    if any(other.state == Attempt.State.RUNNING for other in attempts):
        return False
    payload = payload_of(attempt.version)
    if payload["solutions"] == "always" or (attempt.preview and teacher):
        return True
    counted = [other for other in attempts if not other.preview]
    allowed = payload["attempts_allowed"]
    used_up = bool(allowed) and len(counted) >= allowed
    return used_up or any(other.revealed_at for other in counted) or grade_of(attempts) == 1


def is_passed(grade: float | None, payload: dict[str, Any]) -> bool:
    """Whether ``grade`` (0 to 1) reaches the quiz's bound, whatever floating point makes of a third."""
    return grade is not None and round(100 * grade, 6) >= payload["pass_percent"]


def attempts_of(*, enrolment: Enrolment | None, quiz_id: int) -> list[Attempt]:
    """Return the person's attempts at a quiz, the latest first (one query)."""
    if enrolment is None:
        return []
    attempts = Attempt.objects.filter(enrolment=enrolment, quiz_id=quiz_id).select_related("version")
    return list(attempts.defer("version__payload", "version__rendered").order_by("-number"))
