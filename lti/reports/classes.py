"""The class as its teacher sees it: everybody of one context, where they are in one course, where their grades are.

Who is in it comes from the platform's list and from launches of this context alone; nothing of another context or
platform is looked at. The number of queries does not depend on the size of the class.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from lti_tool.models import LtiContext, LtiMembership, LtiUser

from courses.models import Activity
from courses.reports import CourseState, Progress, progress_of
from lti.flows.rosters import teaches
from lti.models import GradeLine, Roster, RosterMember
from portal.collation import sort_key
from portal.outbox.models import Delivery

NOT_ARRIVED = {"waiting", "trying", "refused", "let_go"}
FAILED = {"trying", "refused"}
STATES = {
    Delivery.State.SENT: "sent",
    Delivery.State.SUPERSEDED: "superseded",
    Delivery.State.DEAD: "refused",
    Delivery.State.ABANDONED: "let_go",
}


@dataclass(frozen=True)
class Passback:
    """Where one grade is on its way to one column.

    ``state``: no_column, nothing (no result yet), waiting, trying (failed, tried again at ``at``), sent (at ``at``),
    superseded, refused, let_go. ``points`` of 100 are what the latest message says; ``status`` is the outbox's word.
    """

    title: str
    state: str
    status: str = ""
    at: datetime | None = None
    points: float | None = None
    delivery_id: int | None = None
    activity_id: int | None = None


@dataclass(frozen=True)
class Participant:
    """Somebody of the class. ``person`` is the account's public identifier, None for whom has never come from here.

    ``left``: the list no longer names them. ``progress`` is None until they have begun the course.
    """

    subject: str
    person: UUID | None
    given_name: str
    family_name: str
    left: bool
    progress: Progress | None
    grades: list[Passback]

    @property
    def name(self) -> str:
        """The name the platform told, "" without one."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_absent(self) -> bool:
        """Whether they are on the list and have not begun yet."""
        return self.progress is None and not self.left

    @property
    def not_arrived(self) -> bool:
        """Whether a grade of theirs has not reached the platform."""
        return any(grade.state in NOT_ARRIVED for grade in self.grades)

    @property
    def failed(self) -> list[int]:
        """The deliveries that may be tried again; none for somebody who has left."""
        keys = [grade.delivery_id for grade in self.grades if grade.state in FAILED]
        return [] if self.left else [key for key in keys if key is not None]


def participants(
    *, context: LtiContext, course: Activity, state: CourseState, roster: Roster | None, language: str
) -> tuple[list[Participant], list[str]]:
    """Return the learners of the context by name, and the names of those who teach (eight queries)."""
    listed = {row.subject: row for row in RosterMember.objects.filter(roster=roster)} if roster else {}
    come = LtiMembership.objects.filter(context=context, user__auth_user__isnull=False)
    progress = progress_of(course_id=course.pk, users=come.values("user__auth_user_id"), items=state.items)
    titles = {item.activity_id: item.title for item in state.items} | {course.pk: state.title}
    grades = _grades(context, course, titles)
    learners, teachers = [], []
    for membership in come.select_related("user__auth_user"):
        person = membership.user
        row = listed.pop(person.sub, None)
        if teaches(membership):
            teachers.append(_names(person, row))
        else:
            learners.append(_came(membership, row, progress.get(person.auth_user_id), grades[person.pk]))
    for row in listed.values():
        if row.role == RosterMember.Role.TEACHER:
            teachers.append((row.given_name, row.family_name))
        elif row.role == RosterMember.Role.LEARNER:
            learners.append(Participant(row.subject, None, row.given_name, row.family_name, False, None, []))
    learners.sort(key=lambda one: _order(one.given_name, one.family_name, one.subject, language))
    teachers.sort(key=lambda names: _order(names[0], names[1], "", language))
    return learners, [name for names in teachers if (name := " ".join(filter(None, names)))]


def participant(*, membership: LtiMembership, course: Activity, state: CourseState) -> Participant:
    """Return one who has come from the context, as ``participants`` does (seven queries)."""
    person = membership.user
    listed = RosterMember.objects.filter(roster__context=membership.context_id, subject=person.sub).first()
    progress = progress_of(course_id=course.pk, users=[person.auth_user_id], items=state.items)
    titles = {item.activity_id: item.title for item in state.items} | {course.pk: state.title}
    grades = _grades(membership.context, course, titles, person)
    return _came(membership, listed, progress.get(person.auth_user_id), grades[person.pk])


def _came(
    membership: LtiMembership, row: RosterMember | None, progress: Progress | None, grades: list[Passback]
) -> Participant:
    person = membership.user
    given, family = _names(person, row)
    return Participant(
        subject=person.sub,
        person=person.auth_user.uuid,
        given_name=given,
        family_name=family,
        left=not membership.is_active,
        progress=progress,
        grades=grades,
    )


def _names(person: LtiUser, row: RosterMember | None) -> tuple[str, str]:
    """Return the name the platform told, by its list or at a launch; never the one of somebody's account here."""
    if row is not None and (row.given_name or row.family_name):
        return row.given_name, row.family_name
    return person.given_name, person.family_name


def _order(given: str, family: str, subject: str, language: str) -> tuple[object, ...]:
    """Return what to sort by: family name, given name; whoever has none comes last."""
    nameless = not (given or family)
    return nameless, sort_key(family or given, language), sort_key(given, language), subject


# Grades on their way ---------------------------------------------------------------------------


def _grades(
    context: LtiContext, course: Activity, titles: dict[int, str], person: LtiUser | None = None
) -> dict[int, list[Passback]]:
    """Return the grade lines of the context's people, or of one, by the platform's person (two queries)."""
    lines = GradeLine.objects.filter(resource_link__context=context)
    if person is not None:
        lines = lines.filter(lti_user=person)
    lines = lines.filter(Q(activity=course) | Q(activity__course=course)).select_related("activity")
    rows = list(lines.order_by("pk"))
    latest = _latest([line.pk for line in rows])
    found: dict[int, list[Passback]] = defaultdict(list)
    for line in rows:
        title = titles.get(line.activity_id, line.activity.title)
        found[line.lti_user_id].append(_passback(line, title, latest.get(f"lti:{line.pk}")))
    return found


def _latest(lines: list[int]) -> dict[str, Delivery]:
    """Return the newest delivery of each line's stream."""
    streams = [f"lti:{pk}" for pk in lines]
    return {row.stream: row for row in Delivery.objects.filter(stream__in=streams).order_by("pk")}


def _passback(line: GradeLine, title: str, delivery: Delivery | None) -> Passback:
    if not line.lineitem_url:
        return Passback(title, "no_column", activity_id=line.activity_id)
    if delivery is None:
        return Passback(title, "nothing", activity_id=line.activity_id)
    failed_before = delivery.last_status and delivery.attempts  # none once somebody has asked for it again
    state = STATES.get(Delivery.State(delivery.state)) or ("trying" if failed_before else "waiting")
    given = delivery.payload.get("given")
    return Passback(
        title=title,
        state=state,
        status=delivery.last_status,
        at=delivery.next_at if state == "trying" else delivery.settled_at,
        points=given if isinstance(given, int | float) else None,
        delivery_id=delivery.pk,
        activity_id=line.activity_id,
    )
