"""Erasing a person: asked, thought over, carried out step by step, told of.

Each step is a transaction of its own and may be done again, so whatever is killed in the middle is finished by
whoever takes the delivery up next. What the steps are: the tombstone first (from then on no restored backup brings
the person back), the receipt while the address is still known, the door closed, their name out of logs and
deliveries, then every app's records, the account last.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.conf import conf
from portal.custody import custody
from portal.directory.flows import sessions
from portal.directory.flows.roles import LastAdministrator, keep_an_administrator
from portal.directory.models import Role, RoleAssignment, User
from portal.keeping.flows import receipts, tombstones, traces
from portal.keeping.models import Erasure
from portal.outbox.recording import record

DUE = "keeping.erasure_due"
DORMANT_WARNING_DAYS = 30


class AlreadyAsked(Exception):
    """An erasure of this person is waiting or under way."""


class TooLate(Exception):
    """It has begun, is over, or has been decided."""


@transaction.atomic
def ask(*, user: User, by: User, reason: str = "", at_once: bool = False) -> Erasure:
    """Record that ``user`` is to be erased: in some days (conf.ERASURE_DAYS), or at once.

    Raises LastAdministrator and AlreadyAsked.
    """
    cause = Erasure.Cause.WISH if by == user else Erasure.Cause.STAFF
    erasure = _open(user, cause, days=0 if at_once else conf.ERASURE_DAYS, by=by, reason=reason)
    if at_once:
        record(DUE, erasure_id=erasure.pk)
    else:
        receipts.tell_of_wish(erasure=erasure)
    return erasure


@transaction.atomic
def warn_dormant(*, user: User) -> Erasure:
    """Tell somebody who has not come for long that the account is erased, unless they sign in.

    Raises LastAdministrator and AlreadyAsked.
    """
    erasure = _open(user, Erasure.Cause.DORMANT, days=DORMANT_WARNING_DAYS)
    receipts.warn(erasure=erasure)
    return erasure


@transaction.atomic
def let_go(*, user: User) -> bool:
    """Record that somebody whose platform's term is over is to be erased at once; False where it cannot be.

    No letter is sent: there is mostly no address, and one that a platform told long ago may be somebody else's.
    """
    try:
        with transaction.atomic():
            erasure = _open(user, Erasure.Cause.AWAY, days=0)
    except (AlreadyAsked, LastAdministrator):
        return False
    Erasure.objects.filter(pk=erasure.pk).update(letter=receipts.NOT_SENT)
    record(DUE, erasure_id=erasure.pk)
    return True


def _open(
    user: User, cause: Erasure.Cause, *, days: int, by: User | None = None, reason: str = ""
) -> Erasure:
    held = User.objects.select_for_update().get(pk=user.pk)
    if held.erased_at or Erasure.objects.of(held).open().exists():
        raise AlreadyAsked
    refuse_last_administrator(held)
    erasure = Erasure.objects.create(
        user=held, cause=cause, asked_by=by, reason=reason, due_at=now() + timedelta(days=days)
    )
    log(erasure, "keeping.erasure_asked", user=by, title=str(held), data={"reason": reason})
    return erasure


@transaction.atomic
def cancel(*, erasure: Erasure, by: User | None) -> None:
    """Withdraw an erasure that waits. Raises TooLate."""
    waiting = Erasure.objects.filter(pk=erasure.pk, state=Erasure.State.WAITING)
    if not waiting.update(state=Erasure.State.CANCELLED, reason="", asked_through=""):
        raise TooLate
    log(erasure, "keeping.erasure_cancelled", user=by, title=str(erasure.user))


@transaction.atomic
def hasten(*, erasure: Erasure, by: User) -> None:
    """Carry a waiting erasure out at once, as an administrator may. Raises TooLate."""
    if not Erasure.objects.filter(pk=erasure.pk, state=Erasure.State.WAITING).update(due_at=now()):
        raise TooLate
    log(erasure, "keeping.erasure_hastened", user=by, title=str(erasure.user))
    record(DUE, erasure_id=erasure.pk)


def begin_due() -> int:
    """Record that the time of these has come, but for who has signed in since the warning; return how many."""
    for erasure in Erasure.objects.filter(state=Erasure.State.WAITING).came_back():
        cancel(erasure=erasure, by=None)
    due = list(Erasure.objects.due(now()).values_list("pk", flat=True))
    for pk in due:
        with transaction.atomic():
            record(DUE, erasure_id=pk)
    return len(due)


def carry_out(*, erasure: Erasure, last_try: bool) -> bool:
    """Do what is left of the erasure; False when there is nothing to do. Doing it again changes nothing.

    ``last_try`` goes on without the receipt where it cannot be sent. Raises LastAdministrator, and whatever a
    step raised.
    """
    if not _begin(erasure):
        return False
    erasure.refresh_from_db()
    tombstones.put(erasure.person_sha256)
    receipts.send(erasure=erasure, last_try=last_try)
    _close_the_door(erasure.user)
    traces.clear(user=erasure.user)
    _erase_holdings(erasure)
    _finish(erasure)
    return True


@transaction.atomic
def _begin(erasure: Erasure) -> bool:
    """Move the erasure on from waiting, unless it was withdrawn or is over."""
    held = Erasure.objects.select_for_update().select_related("user").get(pk=erasure.pk)
    if held.state == Erasure.State.RUNNING:
        return True
    if held.state != Erasure.State.WAITING:
        return False
    if Erasure.objects.filter(pk=held.pk).came_back().exists():
        cancel(erasure=held, by=None)
        return False
    try:
        refuse_last_administrator(held.user)
    except LastAdministrator:
        _refuse(held, "keeping.erasure_refused")
        return False
    if held.cause == Erasure.Cause.PLATFORM and not comes_from_there_alone(held):
        _refuse(held, "keeping.erasure_turned_down")  # the person has come by another way in the meantime
        return False
    held.state = Erasure.State.RUNNING
    held.person_sha256 = tombstones.fingerprint(held.user)
    held.save(update_fields=["state", "person_sha256"])
    return True


def _refuse(erasure: Erasure, action: str) -> None:
    erasure.state, erasure.reason, erasure.asked_through = Erasure.State.REFUSED, "", ""
    erasure.save(update_fields=["state", "reason", "asked_through"])
    log(erasure, action, title=str(erasure.user))


def comes_from_there_alone(erasure: Erasure) -> bool:
    """Tell whether whoever is wished erased comes, as of now, from where the wish came and in no other way."""
    origin = custody.origin_of(erasure.asked_through, erasure.user)
    return origin is not None and origin.alone


def refuse_last_administrator(user: User) -> None:
    """Raise LastAdministrator where nobody else would be left to administer the portal."""
    if RoleAssignment.objects.current().filter(user=user, role=Role.ADMINISTRATOR).exists():
        keep_an_administrator(without=Q(user=user))


@transaction.atomic
def _close_the_door(user: User) -> None:
    """Let nobody in as this person any more: what is erased must not come about anew meanwhile."""
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    sessions.end_all(user=user)


def _erase_holdings(erasure: Erasure) -> None:
    for holding in custody.in_order():
        if holding.name in erasure.counts:
            continue
        with transaction.atomic():
            erasure.counts[holding.name] = holding.erase(erasure.user)
            erasure.save(update_fields=["counts"])


@transaction.atomic
def _finish(erasure: Erasure) -> None:
    erasure.state, erasure.done_at = Erasure.State.DONE, now()
    erasure.reason = erasure.asked_through = ""
    erasure.save(update_fields=["state", "done_at", "reason", "asked_through"])
    log(erasure, "keeping.erasure_done", title=str(erasure))


def replay() -> int:
    """Erase again whoever a restored backup brought back; return how many. No letter is sent a second time."""
    people = tombstones.buried()
    for user in people:
        Erasure.objects.of(user).open().delete()
        erasure = Erasure.objects.create(
            user=user,
            state=Erasure.State.RUNNING,
            cause=Erasure.Cause.RESTORED,
            due_at=now(),
            person_sha256=tombstones.fingerprint(user),
            letter="sent before",
        )
        carry_out(erasure=erasure, last_try=True)
    return len(people)
