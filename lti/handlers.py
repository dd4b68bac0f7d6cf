"""What a platform is told: the grade of a quiz, the completion of a course."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Activity, Attempt, Completion, QuizPage
from courses.reports import quiz_grade
from lti.flows import checking, columns, lines, rosters, scores
from lti.models import GradeLine
from portal.directory.models import User
from portal.outbox.registry import Attempt as DeliveryAttempt
from portal.outbox.registry import Outcome, Plan, handles

LONGEST_COMMENT = 250


def plan_quiz(payload: dict[str, Any]) -> Iterable[Plan]:
    """Plan one score for every link by which the person came to this very quiz.

    ``rev`` (0 where it is missing) tells a later grading of the same attempt from the first; ``line`` leaves only that
    one.
    """
    attempt = (
        Attempt.objects.filter(pk=payload["attempt_id"], preview=False)
        .select_related("enrolment__user", "quiz")
        .first()
    )
    if attempt is None:
        return []
    wanting = _wanting(payload, attempt.enrolment.user, attempt.quiz)
    given = scores.points(quiz_grade(attempt.enrolment, attempt.quiz)) if wanting else None
    if given is None:
        return []
    comment = _attempt_comment(attempt)
    event = f"{lines.of_attempt(attempt.pk)}{payload.get('rev', 0)}"
    return [_plan(line, event, given, comment, attempt.finished_at or now()) for line in wanting]


def plan_completion(payload: dict[str, Any]) -> Iterable[Plan]:
    """Plan full marks for every link by which the person came to the course as a whole."""
    completion = (
        Completion.objects.filter(pk=payload["completion_id"])
        .select_related("enrolment__user", "enrolment__course")
        .first()
    )
    if completion is None:
        return []
    enrolment = completion.enrolment
    with translation.override(enrolment.user.preferred_language):
        comment = _("Course completed")
    event = f"{lines.of_completion(completion.pk)}{payload.get('rev', 0)}"
    wanting = _wanting(payload, enrolment.user, enrolment.course)
    return [_plan(line, event, scores.MAXIMUM, comment, completion.completed_at) for line in wanting]


def _wanting(payload: dict[str, Any], user: User, activity: Activity) -> list[GradeLine]:
    """Return the lines that want the person's result of ``activity`` itself, not of its parts.

    All lines are locked, those without a column too: either the worker who finds a line's column sees this result, or
    we see the column (PostgreSQL, READ COMMITTED).
    """
    own = GradeLine.objects.filter(user=user, activity=activity).order_by("pk").select_for_update()
    return [line for line in own if line.lineitem_url and payload.get("line", line.pk) == line.pk]


def _plan(line: GradeLine, event: str, given: float, comment: str, moment: datetime) -> Plan:
    return Plan(
        key=lines.key(line, event),
        stream=lines.scores_of(line),
        payload={"line": line.pk, "given": given, "comment": comment, "at": moment.isoformat()},
    )


def _attempt_comment(attempt: Attempt) -> str:
    """Return "Attempt 2 of 3" in the person's language; always said, for silence erases the last comment."""
    page_id = attempt.quiz.page_id
    allowed = QuizPage.objects.filter(pk=page_id).values_list("attempts_allowed", flat=True).first()
    with translation.override(attempt.enrolment.user.preferred_language):
        if allowed:
            text = _("Attempt %(number)s of %(allowed)s") % {"number": attempt.number, "allowed": allowed}
        else:
            text = _("Attempt %(number)s") % {"number": attempt.number}
    return text[:LONGEST_COMMENT]


@handles(
    "courses.attempt_graded",
    name="lti.quiz_score",
    plan=plan_quiz,
    label=gettext_lazy("Quiz grade to the learning platform"),
)
def send_quiz_score(attempt: DeliveryAttempt) -> Outcome:
    """Send the grade of a quiz."""
    return _send(attempt)


@handles(
    "courses.enrolment_completed",
    name="lti.course_score",
    plan=plan_completion,
    label=gettext_lazy("Course completion to the learning platform"),
)
def send_course_score(attempt: DeliveryAttempt) -> Outcome:
    """Send the completion of a course."""
    return _send(attempt)


def _send(attempt: DeliveryAttempt) -> Outcome:
    payload = attempt.payload
    score = scores.Score(payload["given"], payload["comment"], datetime.fromisoformat(payload["at"]))
    return scores.send(line_id=payload["line"], delivery_id=attempt.delivery_id, score=score)


def plan_check(payload: dict[str, Any]) -> Iterable[Plan]:
    """Plan one delivery for each time a platform is to be tested."""
    return [Plan(key=f"{payload['check_id']}:{payload['round']}", payload=payload)]


@handles(checking.ASKED, name="lti.platform_check", plan=plan_check, label=gettext_lazy("Test of a platform"))
def check_platform(attempt: DeliveryAttempt) -> Outcome:
    """Test a platform."""
    done = checking.run(check_id=attempt.payload["check_id"], round=attempt.payload["round"])
    return Outcome("tested") if done else Outcome("superseded", state="superseded")


def plan_column(payload: dict[str, Any]) -> Iterable[Plan]:
    """Plan one delivery for each time a column is asked for; those of one column stand in line."""
    pk = payload["column_id"]
    return [Plan(key=f"{pk}:{payload['round']}", stream=lines.stream(pk), payload=payload)]


@handles(
    lines.WANTED,
    name="lti.column",
    plan=plan_column,
    label=gettext_lazy("Column in the grade book of a learning platform"),
)
def provide_column(attempt: DeliveryAttempt) -> Outcome:
    """Find a column, or add it."""
    asked = attempt.payload
    wish = columns.Wish(asked["manage"], asked["language"])
    return columns.provide(column_id=asked["column_id"], round=asked["round"], wish=wish)


def plan_roster(payload: dict[str, Any]) -> Iterable[Plan]:
    """Plan one delivery for each time a list of participants is asked for."""
    return [Plan(key=f"{payload['roster_id']}:{payload['round']}", payload=payload)]


@handles(rosters.ASKED, name="lti.roster", plan=plan_roster, label=gettext_lazy("List of participants"))
def read_roster(attempt: DeliveryAttempt) -> Outcome:
    """Read who is in a course."""
    return rosters.read(roster_id=attempt.payload["roster_id"], round=attempt.payload["round"])
