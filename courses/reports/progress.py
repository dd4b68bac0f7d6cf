"""How several people are getting on in one course, for whoever teaches them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from courses.models import Activity, ActivityCompletion, Attempt, Completion, Enrolment
from courses.reports.grades import grade_of
from courses.reports.states import Item


@dataclass(frozen=True)
class QuizScore:
    """The grade of one quiz as its method makes it, 0 to 100; ``quiz`` is the activity's public identifier."""

    title: str
    percent: float
    quiz: str = ""


@dataclass(frozen=True)
class Progress:
    """Where somebody is: parts done of those there are, the latest of them, the quizzes' grades in order."""

    started_at: datetime
    done: int
    total: int
    latest: str = ""
    latest_at: datetime | None = None
    completed_at: datetime | None = None
    scores: list[QuizScore] = field(default_factory=list)


def progress_of(
    *, course_id: int, users: QuerySet[Any, Any] | list[int], items: list[Item]
) -> dict[int, Progress]:
    """Return, by the person's primary key, how those of ``users`` who have begun the course are getting on.

    ``items`` is the course's outline (``course_state``): what is not in it is neither counted nor named. Four queries,
    however many people there are; ``users`` may be a query for their keys.
    """
    enrolments = Enrolment.objects.filter(course_id=course_id, user__in=users)
    ends = dict(
        Completion.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", "completed_at")
    )
    titles = {item.activity_id: item.title for item in items}
    done, attempts = _done(enrolments, set(titles)), _attempts(enrolments)
    quizzes = [item for item in items if item.kind == Activity.Kind.QUIZ]
    found = {}
    for pk, user_id, started_at in enrolments.values_list("pk", "user_id", "started_at"):
        parts = done[pk]
        latest, latest_at = parts[-1] if parts else (None, None)
        grades = [(quiz, grade_of(attempts[pk, quiz.activity_id])) for quiz in quizzes]
        found[user_id] = Progress(
            started_at=started_at,
            done=len(parts),
            total=len(items),
            latest=titles[latest] if latest else "",
            latest_at=latest_at,
            completed_at=ends.get(pk),
            scores=[
                QuizScore(quiz.title, 100 * grade, quiz.uuid) for quiz, grade in grades if grade is not None
            ],
        )
    return found


def _done(enrolments: QuerySet[Enrolment], shown: set[int]) -> dict[int, list[tuple[int, datetime]]]:
    """Return the parts done in each enrolment, the latest last."""
    done: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    rows = ActivityCompletion.objects.filter(enrolment__in=enrolments).order_by("completed_at", "pk")
    for pk, activity_id, moment in rows.values_list("enrolment_id", "activity_id", "completed_at"):
        if activity_id in shown:
            done[pk].append((activity_id, moment))
    return done


def _attempts(enrolments: QuerySet[Enrolment]) -> dict[tuple[int, int], list[Attempt]]:
    """Return the attempts that count by enrolment and quiz, the latest first."""
    found: dict[tuple[int, int], list[Attempt]] = defaultdict(list)
    rows = Attempt.objects.counted().filter(enrolment__in=enrolments).select_related("version")
    for attempt in rows.defer("version__payload", "version__rendered").order_by("-number"):
        found[attempt.enrolment_id, attempt.quiz_id].append(attempt)
    return found
