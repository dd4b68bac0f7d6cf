"""The list of participants of a platform's course: asked for, read by a worker, kept.

Only a complete and sound list changes anything (docs/decisions/0016-rosters.md): then, in one transaction, people are
on the list or not, and members whom it no longer names are members no more until they come again. Roles are what the
latest launch said; the list never changes one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiMembership

from lti.flows.roster_answers import Listed, NotRead
from lti.flows.roster_reading import fetch
from lti.models import Roster, RosterMember
from portal.outbox.recording import record
from portal.outbox.registry import Outcome

ASKED = "lti.roster_asked"
AFTER_A_LAUNCH = timedelta(minutes=10)  # teachers' launches read a list anew no more often
BY_HAND = timedelta(minutes=1)
LADDER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
BATCH = 500


@transaction.atomic
def ask(*, context: LtiContext, every: timedelta = AFTER_A_LAUNCH) -> bool:
    """Have the context's list read by a worker; False when it was asked for within ``every``, or is not offered."""
    if not context.memberships_url:
        return False
    moment = now()
    roster: Roster | None = getattr(context, "roster", None)  # a launch brings it with the person
    if roster is None:
        roster, _new = Roster.objects.get_or_create(context=context)
    if roster.asked_at is not None and moment - every < roster.asked_at <= moment:
        return False
    if not Roster.objects.all().claim_round(pk=roster.pk, seen=roster.round, moment=moment):
        return False
    roster.round, roster.asked_at = roster.round + 1, moment
    record(ASKED, roster_id=roster.pk, round=roster.round)
    return True


def read(*, roster_id: int, round: int) -> Outcome:
    """Read the list and keep it, outside any transaction but the last step. Reading it again is harmless."""
    mine = Roster.objects.all().of_round(pk=roster_id, round=round)
    roster = mine.select_related("context__deployment__registration").first()
    if roster is None:
        return Outcome("superseded", state="superseded")
    began = now()
    try:
        listed = fetch(context=roster.context)
    except NotRead as failure:
        return _note(mine, round, failure)
    kept = _keep(roster=roster, round=round, listed=listed, began=began)
    return Outcome("read") if kept else Outcome("superseded", state="superseded")


def _note(mine: Any, round: int, failure: NotRead) -> Outcome:
    """Note why the list was not read. What may pass is tried again; else the round has ended, and nobody is alarmed."""
    changes: dict[str, Any] = {"problem": failure.code, "detail": failure.detail[:200], "tried_at": now()}
    mine.update(**changes, **({} if failure.again else {"ended": round}))
    error = failure.detail or failure.code
    if failure.again:
        wait = failure.wait
        return Outcome(f"not read: {failure.code}", None, error, retry_after=wait, ladder=LADDER)
    return Outcome(f"not read: {failure.code}", error=error)


@transaction.atomic
def _keep(*, roster: Roster, round: int, listed: dict[str, Listed], began: datetime) -> bool:
    """Keep a complete list; False when this round has ended already, or a later one has begun."""
    won = Roster.objects.all().of_round(pk=roster.pk, round=round)
    if not won.update(ended=round, read_at=began, tried_at=now(), problem="", detail=""):
        return False
    before = {member.subject: member for member in RosterMember.objects.filter(roster=roster)}
    _keep_list(roster, before, {key: one for key, one in listed.items() if one.active})
    _keep_memberships(roster.context_id, set(before), listed, began)
    return True


def _keep_list(roster: Roster, before: dict[str, RosterMember], listed: dict[str, Listed]) -> None:
    """Let there be a row for everybody who is active on the list, and for nobody else."""
    new: list[RosterMember] = []
    changed: list[RosterMember] = []
    for subject, one in listed.items():
        told = {"given_name": one.given_name, "family_name": one.family_name, "role": one.role}
        row = before.get(subject)
        if row is None:
            new.append(RosterMember(roster=roster, subject=subject, **told))
        elif any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    gone = [row.pk for subject, row in before.items() if subject not in listed]
    RosterMember.objects.bulk_create(new, batch_size=BATCH)
    RosterMember.objects.bulk_update(changed, ["given_name", "family_name", "role"], batch_size=BATCH)
    for start in range(0, len(gone), BATCH):
        RosterMember.objects.filter(pk__in=gone[start : start + BATCH]).delete()


def _keep_memberships(context_id: int, before: set[str], listed: dict[str, Listed], began: datetime) -> None:
    """Set who of those that have come is still a member. ``datetime_modified`` stays: it tells of launches."""
    changes: dict[bool, list[int]] = {True: [], False: []}
    for membership in LtiMembership.objects.filter(context_id=context_id).select_related("user__auth_user"):
        wanted = _is_member(membership, before, listed, began)
        if wanted != membership.is_active:
            changes[wanted].append(membership.pk)
    for wanted, keys in changes.items():
        for start in range(0, len(keys), BATCH):
            LtiMembership.objects.filter(pk__in=keys[start : start + BATCH]).update(is_active=wanted)


def _is_member(
    membership: LtiMembership, before: set[str], listed: dict[str, Listed], began: datetime
) -> bool:
    """Say whether somebody who has come is a member by this list.

    Whoever came while it was being read is what their launch said. A teacher whom no list has ever named, such as
    the platform's administrator, is not missing from it.
    """
    person = membership.user.auth_user
    came = max(membership.datetime_modified, (person and person.last_login) or membership.datetime_modified)
    if came >= began:
        return bool(membership.is_active)
    told = listed.get(membership.user.sub)
    if told is not None:
        return told.active
    never_named = membership.user.sub not in before
    return bool(membership.is_active) if teaches(membership) and never_named else False


def teaches(membership: LtiMembership) -> bool:
    """Tell whether the person's latest launch from the context was a teacher's."""
    return bool(membership.is_instructor or membership.is_content_developer or membership.is_administrator)
