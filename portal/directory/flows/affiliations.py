"""Where people work: they say so themselves, their library confirms or refuses, and it ends on a day."""

from __future__ import annotations

from datetime import date

from django.db import models, transaction
from django.utils.timezone import localdate, now
from wagtail.log_actions import log

from portal.directory.flows import roles, tidings
from portal.directory.models import Affiliation, Branch, Invitation, Library, RoleAssignment, User

MOST_OPEN = 5  # affiliations of one person that hold or wait


class AlreadyDeclared(Exception):
    """The person works at this library already, or waits for its word."""


class TooManyAffiliations(Exception):
    """The person has as many affiliations as one may have."""


class AlreadyDecided(Exception):
    """Somebody else decided in the meantime, or the person withdrew."""


class EndsBeforeItBegins(Exception):
    """The last day would come before the first."""


class RoleOfAnother(Exception):
    """The person holds a role at the library that is not this actor's to end; ``role`` says which."""

    def __init__(self, role: RoleAssignment) -> None:
        super().__init__(str(role))
        self.role = role


@transaction.atomic
def declare(
    *, user: User, library: Library, branch: Branch | None = None, job_title: str = "", date_from: date
) -> Affiliation:
    """Record that ``user`` says to work at ``library``, and tell those who can confirm it. It grants nothing yet.

    Whom the library has invited by the address they have proved theirs, it has confirmed by that.

    Raises AlreadyDeclared, TooManyAffiliations, and ValueError for another library's branch or a day to come.
    """
    if (branch is not None and branch.library_id != library.pk) or date_from > localdate():
        raise ValueError("The branch belongs to the library, and the first day has come.")
    User.objects.select_for_update().get(pk=user.pk)
    open_ones = list(Affiliation.objects.of(user).open())
    if any(row.library_id == library.pk for row in open_ones):
        raise AlreadyDeclared
    if len(open_ones) >= MOST_OPEN:
        raise TooManyAffiliations
    details = {"branch": branch, "job_title": job_title, "date_from": date_from}
    if Affiliation.objects.filter(user=user, library=library, date_from=date_from, confirmed=True).exists():
        raise AlreadyDeclared  # it began on that very day before, and has ended
    affiliation = Affiliation.objects.create(user=user, library=library, **details)
    log(user, "directory.affiliation_declared", user=user, data={"library": library.code})
    invitation = Invitation.objects.sent_to(user).filter(library=library).select_related("invited_by").first()
    if invitation is not None:
        by = invitation.invited_by
        invitation.delete()
        return confirm(affiliation=affiliation, by=by)
    tidings.tell_deciders(affiliation=affiliation)
    return affiliation


@transaction.atomic
def correct(*, affiliation: Affiliation, branch: Branch | None, job_title: str) -> None:
    """Change branch and job title, which grant nothing. Raises ValueError for another library's branch."""
    if branch is not None and branch.library_id != affiliation.library_id:
        raise ValueError("The branch belongs to the library.")
    affiliation.branch, affiliation.job_title = branch, job_title
    affiliation.save(update_fields=["branch", "job_title"])


@transaction.atomic
def withdraw(*, affiliation: Affiliation) -> None:
    """Take back what was declared. Raises AlreadyDecided."""
    waiting = _waiting(affiliation)
    data = {"library": waiting.library.code}
    log(waiting.user, "directory.affiliation_withdrawn", user=waiting.user, data=data)
    waiting.delete()


@transaction.atomic
def end(*, affiliation: Affiliation, date_to: date, by: User) -> None:
    """Set the last day of work, and of the person's roles at that library. What was learned keeps the library.

    Somebody else's work is ended only by who may end the roles, too. Raises EndsBeforeItBegins and RoleOfAnother.
    """
    if date_to < affiliation.date_from:
        raise EndsBeforeItBegins
    later = models.Q(date_to__isnull=True) | models.Q(date_to__gt=date_to)
    held = RoleAssignment.objects.filter(later, user=affiliation.user, library=affiliation.library_id)
    if by != affiliation.user:
        _may_end(held, by)
    affiliation.date_to = date_to
    affiliation.save(update_fields=["date_to"])
    data = {"library": affiliation.library.code, "last_day": date_to.isoformat()}
    log(affiliation.user, "directory.affiliation_ended", user=by, data=data)
    if by != affiliation.user:
        tidings.tell_ended(affiliation=affiliation)
    for assignment in held:
        roles.end(assignment=assignment, by=by, last_day=date_to)


def _may_end(held: models.QuerySet[RoleAssignment], by: User) -> None:
    mine = RoleAssignment.objects.ended_by(by)
    foreign = held.lasting().exclude(pk__in=mine.values("pk"))  # type: ignore[attr-defined]
    highest = foreign.select_related("library").order_by("role").first()  # a director before a coordinator
    if highest is not None:
        raise RoleOfAnother(highest)


@transaction.atomic
def confirm(*, affiliation: Affiliation, by: User | None) -> Affiliation:
    """Let the affiliation hold, and tell the person. Raises AlreadyDecided."""
    decided = _waiting(affiliation)
    decided.confirmed, decided.decided_at, decided.decided_by = True, now(), by
    decided.save(update_fields=["confirmed", "decided_at", "decided_by"])
    log(decided.user, "directory.affiliation_confirmed", user=by, data={"library": decided.library.code})
    tidings.tell_decision(affiliation=decided)
    return decided


@transaction.atomic
def refuse(*, affiliation: Affiliation, by: User, reason: str) -> Affiliation:
    """Refuse, and tell the person why. Raises AlreadyDecided."""
    decided = _waiting(affiliation)
    decided.refusal, decided.decided_at, decided.decided_by = reason, now(), by
    decided.save(update_fields=["refusal", "decided_at", "decided_by"])
    data = {"library": decided.library.code, "reason": reason}
    log(decided.user, "directory.affiliation_refused", user=by, data=data)
    tidings.tell_decision(affiliation=decided)
    return decided


def _waiting(affiliation: Affiliation) -> Affiliation:
    """Return the affiliation, locked, if it still waits."""
    rows = Affiliation.objects.pending().select_for_update(of=("self",))
    waiting = rows.select_related("user", "library").filter(pk=affiliation.pk).first()
    if waiting is None:
        raise AlreadyDecided
    return waiting
