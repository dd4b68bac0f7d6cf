"""What courses hold of learners."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.flows import merging
from courses.models import ActivityCompletion, Answer, Attempt, CheckResponse, Completion, Enrolment
from courses.versions import payload_of
from portal.custody import Holding, Section, custody


def export(user: Any) -> Section:
    """Return the person's enrolments with all that was done in each."""
    enrolments = Enrolment.objects.of(user).select_related("course", "library").order_by("pk")
    return {"enrolments": [_enrolment(row) for row in enrolments]}


def _enrolment(row: Enrolment) -> dict[str, Any]:
    done = ActivityCompletion.objects.filter(enrolment=row).order_by("pk")
    checks = CheckResponse.objects.filter(enrolment=row).order_by("pk")
    completion = Completion.objects.filter(enrolment=row)
    return {
        "uuid": row.uuid,
        "course": row.course.title,
        "library": row.library.name_lt if row.library else None,
        "source": row.source,
        "started_at": row.started_at,
        "finished_activities": list(done.values("activity__title", "activity__kind", "completed_at")),
        "knowledge_checks": list(checks.values("lesson__title", "check_id", "chosen", "answered_at")),
        "attempts": [_attempt(one) for one in row.attempts.select_related("quiz").order_by("pk")],
        "completion": completion.values("uuid", "completed_at", "evidence").first(),
    }


def _attempt(row: Attempt) -> dict[str, Any]:
    answers = row.answers.order_by("pk")
    return {
        "uuid": row.uuid,
        "quiz": row.quiz.title,
        "number": row.number,
        "preview": row.preview,
        "state": row.state,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
        "points": row.points,
        "points_max": row.points_max,
        "answers": list(answers.values("item_id", "response", "flagged", "saved_at", "fraction")),
    }


def erase(user: Any) -> int:
    """Take away what was typed; choices and points stay, on an enrolment that leads to nobody."""
    number = 0
    for attempt in Attempt.objects.filter(enrolment__user=user).select_related("version").iterator():
        typed = {item["id"] for item in payload_of(attempt.version)["items"] if "options" not in item}
        answers = Answer.objects.filter(attempt=attempt, item_id__in=typed).exclude(response=[])
        number += answers.update(response=[])
    return number + Enrolment.objects.of(user).count()


custody.holds(
    Holding(
        name="learning",
        label=_("Your learning"),
        records={
            "courses.Enrolment": "user",
            "courses.ActivityCompletion": "enrolment__user",
            "courses.CheckResponse": "enrolment__user",
            "courses.Completion": "enrolment__user",
            "courses.Attempt": "enrolment__user",
            "courses.Answer": "attempt__enrolment__user",
        },
        export=export,
        erase=erase,
        move=lambda source, target: merging.move(source=source, target=target),
        goes=_("What you typed in answers, and every link between you and your results."),
        stays=lambda: _(
            "Choices and points without a name, so that figures of courses and libraries stay right."
        ),
        order=30,
    )
)
