"""A person's decision on a delivery: try again, or let it go, with the reason kept."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.outbox.models import Delivery
from portal.outbox.registry import registry

# A worker whose lease ended may still be at it; without its fence it cannot write over the decision.
UNFENCED = {"lease_owner": "", "lease_until": None}


class NotPossible(Exception):
    """The delivery is in a state that does not allow the step."""


@transaction.atomic
def retry(*, delivery: Delivery, by: AbstractBaseUser, reason: str) -> None:
    """Put a dead or waiting delivery first in line again, with a new ladder of attempts.

    Raises NotPossible when it has been delivered, abandoned or is being delivered right now.
    """
    State = Delivery.State
    moment = now()
    changed = (
        Delivery.objects.filter(pk=delivery.pk, state__in=[State.DEAD, State.PENDING])
        .exclude(lease_until__gt=moment)
        .update(state=State.PENDING, attempts=0, streak=0, next_at=moment, settled_at=None, **UNFENCED)
    )
    if not changed:
        raise NotPossible
    _log(delivery, "outbox.retried", by, reason)


@transaction.atomic
def abandon(*, delivery: Delivery, by: AbstractBaseUser, reason: str) -> None:
    """Let a dead or waiting delivery go; what stands behind it in its stream moves on.

    Raises NotPossible when it has been settled otherwise or is being delivered right now.
    """
    State = Delivery.State
    moment = now()
    changed = (
        Delivery.objects.filter(pk=delivery.pk, state__in=[State.DEAD, State.PENDING])
        .exclude(lease_until__gt=moment)
        .update(state=State.ABANDONED, settled_at=moment, **UNFENCED)
    )
    if not changed:
        raise NotPossible
    _log(delivery, "outbox.abandoned", by, reason)


def _log(delivery: Delivery, action: str, by: AbstractBaseUser, reason: str) -> None:
    """Log the decision under the name staff know the delivery by."""
    title = f"{registry.label(delivery.handler)}, {delivery.key}"
    log(delivery, action, user=by, title=title, data={"reason": reason})
