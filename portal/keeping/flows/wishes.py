"""Others' wishes that a person be erased: put before an administrator, who approves them or turns them down.

A wish never takes an account that its owner comes into by themselves (docs/decisions/0021-privacy-of-platforms.md):
whether they do is asked when somebody looks at it, when it is approved, and once more before anything is erased.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.conf import conf
from portal.custody import Wish
from portal.directory.models import User
from portal.keeping.flows import receipts
from portal.keeping.flows.erasing import (
    AlreadyAsked,
    TooLate,
    comes_from_there_alone,
    refuse_last_administrator,
)
from portal.keeping.models import Erasure
from portal.outbox.models import Delivery

HANDLER = "keeping.propose"
DECIDE_WITHIN_DAYS = 30  # a month to answer: Regulation (EU) 2016/679, 12(3)


class ComesOtherwise(Exception):
    """The person has another way in than from where the wish came: only they themselves may have it erased."""


@transaction.atomic
def propose(*, user: User, asker: str, through: str) -> Erasure:
    """Keep a wish that ``user`` be erased, for an administrator to decide. Raises AlreadyAsked.

    ``through`` says by which way it came (``portal.custody.Custody.origin_of``).
    """
    held = User.objects.select_for_update().get(pk=user.pk)
    mine = Erasure.objects.of(held)
    if held.erased_at or mine.open().exists() or mine.filter(state=Erasure.State.PROPOSED).exists():
        raise AlreadyAsked
    erasure = Erasure.objects.create(
        user=held,
        state=Erasure.State.PROPOSED,
        cause=Erasure.Cause.PLATFORM,
        asked_through=through,
        reason=asker[:500],
        due_at=now() + timedelta(days=DECIDE_WITHIN_DAYS),
    )
    log(erasure, "keeping.erasure_proposed", title=str(held), data={"reason": asker[:500]})
    return erasure


@transaction.atomic
def approve(*, erasure: Erasure, by: User) -> None:
    """Let a proposed erasure wait its days, as if the person had asked.

    Raises TooLate, AlreadyAsked where another erasure of theirs is open, ComesOtherwise, LastAdministrator.
    """
    held = User.objects.select_for_update().get(pk=erasure.user_id)
    proposed = Erasure.objects.filter(pk=erasure.pk, state=Erasure.State.PROPOSED).select_related("user")
    wish = proposed.first()
    if wish is None:
        raise TooLate
    if Erasure.objects.of(held).open().exists():
        raise AlreadyAsked
    if not comes_from_there_alone(wish):
        raise ComesOtherwise
    refuse_last_administrator(held)
    due_at = now() + timedelta(days=conf.ERASURE_DAYS)
    if not proposed.update(state=Erasure.State.WAITING, due_at=due_at, asked_by=by):
        raise TooLate
    erasure.refresh_from_db()
    log(erasure, "keeping.erasure_approved", user=by, title=str(held))
    receipts.tell_of_wish(erasure=erasure)


@transaction.atomic
def turn_down(*, erasure: Erasure, by: User) -> None:
    """Decide that a proposed erasure is not carried out; it may be wished again. Raises TooLate."""
    proposed = Erasure.objects.filter(pk=erasure.pk, state=Erasure.State.PROPOSED)
    if not proposed.update(state=Erasure.State.REFUSED, reason="", asked_through=""):
        raise TooLate
    log(erasure, "keeping.erasure_turned_down", user=by, title=str(erasure.user))


def wished(user: User, through: str) -> Wish | None:
    """Return a wish by this way that is not over, also one that has not arrived here yet; None: there is none."""
    erasure = Erasure.objects.of(user).through(through).first()
    if erasure is not None:
        return Wish(erasure.asked_at, is_approved=erasure.state != Erasure.State.PROPOSED)
    on_the_way = Delivery.objects.pending().filter(handler=HANDLER, payload__through=through).first()
    return Wish(on_the_way.created_at) if on_the_way else None
