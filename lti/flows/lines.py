"""Where a person's result goes, as the latest launch tells it.

A platform mostly couples a column with a link and names it at each launch. Where it names none although the activity
has a result, the column is looked for, or made, by a worker (``lti.flows.columns``); a launch only asks for it.
"""

from __future__ import annotations

import hashlib

from django.utils.timezone import now
from lti_tool.lti_core.constants import AgsScope
from lti_tool.models import LtiMembership, LtiResourceLink

from courses.models import Activity, Attempt, Completion
from courses.reports import gives_result
from lti.flows import people
from lti.flows.claims import Launch, Services
from lti.models import GradeColumn, GradeLine
from portal.outbox.models import Delivery
from portal.outbox.recording import record

WANTED = "lti.column_wanted"
MANAGE, QUERY = AgsScope.MANAGE_LINEITEMS.value, AgsScope.QUERY_LINEITEMS.value
Goal = tuple[str, GradeColumn | None]


def keep_line(
    *, membership: LtiMembership, link: LtiResourceLink, launch: Launch, activity: Activity | None
) -> None:
    """Keep where the person's result goes, and have it sent there if it is there already.

    A teacher has no line (Moodle refuses their scores), and what is no activity gives no result: one made before is
    closed.
    """
    lines = GradeLine.objects.filter(lti_user=membership.user, resource_link=link)
    line = lines.select_related("column").first()
    if activity is None:
        if line is not None:
            people.keep(line, lineitem_url="", column_id=None)
        return
    url, column = _goal(line, link, launch, activity)
    user = membership.user.auth_user
    if line is None and (url or column):
        line, new = GradeLine.objects.get_or_create(
            lti_user=membership.user,
            resource_link=link,
            defaults={"user": user, "activity": activity, "lineitem_url": url, "column": column},
        )
        if new and url:
            send_what_is_there(line)
    elif line is not None:
        before = (line.activity_id, line.lineitem_url)
        people.keep(
            line,
            user_id=user.pk,
            activity_id=activity.pk,
            lineitem_url=url,
            column_id=column.pk if column else None,
        )
        if url and before != (activity.pk, url):
            send_what_is_there(line)


def _goal(line: GradeLine | None, link: LtiResourceLink, launch: Launch, activity: Activity) -> Goal:
    """Return the column's address, "" for none (yet), and our own record of it where the launch names no column."""
    if launch.teacher or AgsScope.PUBLISH_SCORES.value not in (launch.services.scopes or ()):
        return "", None
    if launch.services.lineitem_url:
        return launch.services.lineitem_url, None
    column = _column(line, link, launch, activity)
    if column is None:
        return "", None
    # A second column on a link keeps Moodle from naming the first: until the worker has looked, it stays as it was.
    known = line.lineitem_url if line is not None and line.activity_id == activity.pk else ""
    return column.lineitem_url or known, column


def _column(
    line: GradeLine | None, link: LtiResourceLink, launch: Launch, activity: Activity
) -> GradeColumn | None:
    """Return our record of the link's column, asked for if need be; None where there is nothing to hope for."""
    if activity.kind == Activity.Kind.LESSON:  # most launches; not worth a query
        return None
    column = line.column if line is not None else None
    if column is None or (column.resource_link_id, column.activity_id) != (link.pk, activity.pk):
        column = GradeColumn.objects.filter(resource_link=link, activity=activity).first()
    if column is None:
        if not gives_result(activity, launch.language):
            return None
        column, _new = GradeColumn.objects.get_or_create(resource_link=link, activity=activity)
    if column.lineitem_url and not column.problem:
        return column
    # A worker may be about to write it down: it waits for us, and finds our line, or we for it, and find the column.
    column = GradeColumn.objects.select_for_update().get(pk=column.pk)
    obstacle = _obstacle(launch.services)
    if not obstacle:
        _ask(column, launch)
        return column
    if column.lineitem_url:
        return column
    if column.problem != obstacle:
        people.keep(column, problem=obstacle, noted_at=now())
    return None


def _obstacle(services: Services) -> str:
    """Return why there is no use in asking, as a code of GradeColumn; "" where there is."""
    if not {MANAGE, QUERY} & (services.scopes or frozenset()):
        return GradeColumn.NOT_GRANTED
    return "" if services.lineitems_url else GradeColumn.NO_CONTAINER


def stream(column_id: int) -> str:
    """Return the name under which the works on one column stand in line, so that one worker at a time is at it."""
    return f"lti-column:{column_id}"


def _ask(column: GradeColumn, launch: Launch) -> None:
    """Have a worker look for the column, or make it: once, and again a day after it was refused."""
    if Delivery.objects.pending().filter(stream=stream(column.pk)).exists():
        return
    if not GradeColumn.objects.all().ask(pk=column.pk, seen=column.round, moment=now()):
        return
    people.keep(column, container_url=launch.services.lineitems_url)
    record(
        WANTED,
        column_id=column.pk,
        round=column.round + 1,
        manage=MANAGE in (launch.services.scopes or ()),
        language=launch.language,
    )


def point(*, line: GradeLine, url: str) -> None:
    """Let the line lead to the column at ``url``; what is there goes. In the caller's transaction."""
    if line.lineitem_url != url:
        people.keep(line, lineitem_url=url)
        send_what_is_there(line)


def send_what_is_there(line: GradeLine) -> None:
    """Send a result that the person had before the line led to this column, by whatever way they came to it.

    What this column has been sent already is not sent again, and what waits for the line goes to the new column anyway.
    """
    attempts = Attempt.objects.filter(enrolment__user=line.user_id, quiz=line.activity_id, preview=False)
    attempt = attempts.filter(state=Attempt.State.FINISHED).order_by("number").last()
    if attempt is not None and not _waits(line, of_attempt(attempt.pk)):
        record("courses.attempt_graded", attempt_id=attempt.pk, line=line.pk)
    done = Completion.objects.filter(enrolment__user=line.user_id, enrolment__course=line.activity_id).first()
    if done is not None and not _waits(line, of_completion(done.pk)):
        record("courses.enrolment_completed", completion_id=done.pk, line=line.pk)


def of_attempt(pk: int) -> str:
    """Return the name of an attempt's result within its line."""
    return f"{pk}:"


def of_completion(pk: int) -> str:
    """Return the name of a completion's result within its line."""
    return f"completion-{pk}:"


def key(line: GradeLine, event: str) -> str:
    """Return what makes a score unique: the line, the result, the column. So no column is sent a result twice."""
    column = hashlib.sha256(line.lineitem_url.encode()).hexdigest()[:12]
    return f"{line.pk}:{line.user_id}:{event}:{column}"


def scores_of(line: GradeLine) -> str:
    """Return the name under which the scores of one line stand in line."""
    return f"lti:{line.pk}"


def _waits(line: GradeLine, event: str) -> bool:
    waiting = Delivery.objects.pending().filter(stream=scores_of(line))
    return waiting.filter(key__startswith=f"{line.pk}:{line.user_id}:{event}").exists()
