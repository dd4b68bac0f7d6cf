"""What the outbox holds of people, how long, and what a restore does with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.custody import Circumstances, Holding, Rule, Section, custody
from portal.outbox.models import Delivery, DeliveryQuerySet

LETTERS = ("outbox.letter", "directory.confirmation", "directory.new_password")
HELD = "held after restore"
EMPTIED: dict[str, Any] = {"payload": {}, "last_error": ""}


def _of(user: Any) -> DeliveryQuerySet:
    return Delivery.objects.filter(payload__user_id=user.pk)


def _naming(user: Any) -> DeliveryQuerySet:
    """Return the letters to the person, and those to others that name them."""
    return Delivery.objects.filter(
        models.Q(payload__user_id=user.pk) | models.Q(payload__about=str(user.uuid))
    )


def export(user: Any) -> Section:
    """Return the letters to the person: which, when, what they were made of."""
    return {
        "letters": [
            {
                "letter": row.payload.get("template", row.handler),
                "recorded_at": row.created_at,
                "sent_at": row.settled_at if row.state == Delivery.State.SENT else None,
                "state": row.state,
                "context": row.payload.get("context", {}),
            }
            for row in _of(user).order_by("pk")
        ]
    }


def erase(user: Any) -> int:
    """Let go of what waits for the person, or tells others of them, and empty what was delivered."""
    _naming(user).pending().update(state=Delivery.State.SUPERSEDED, settled_at=now(), last_status="erased")
    return _naming(user).update(**EMPTIED)


def _settled(before: datetime) -> models.QuerySet[Delivery]:
    """Return what was settled before the moment and still has something to empty. The rows themselves stay: they
    are why a fact that is recorded again has no second effect."""
    over = Delivery.objects.exclude(state__in=[Delivery.State.PENDING, Delivery.State.DEAD])
    return over.filter(settled_at__lt=before).exclude(payload={}, last_error="")


def _empty(records: models.QuerySet[Delivery], limit: int) -> int:
    batch = list(records.values_list("pk", flat=True)[:limit])
    return Delivery.objects.filter(pk__in=batch).update(**EMPTIED)


custody.holds(
    Holding(
        name="letters",
        label=_("Letters to you"),
        records={"outbox.Delivery": "payload__user_id"},
        export=export,
        erase=erase,
        stays_behind="A letter belongs to the address it was written to; one that waits has nobody to go to.",
        goes=_("What our letters to you said; letters that have not left are not sent."),
        order=60,
    )
)
custody.keeps(
    Rule(
        name="deliveries",
        label=_("Contents of finished deliveries (letters, grades)"),
        old=lambda before: [_settled(before)],
        remove=_empty,
        told=True,
    )
)


@custody.restores("outbox")
def resume(circumstances: Circumstances) -> str:
    """Free what workers held that are no more. What was sent before the backup stays sent; what waited is tried.

    A grade that arrived after the backup answers 409 and settles; a letter that left after it may leave again with
    the same Message-ID, unless letters are held.
    """
    Delivery.objects.pending().update(lease_owner="", lease_until=None)
    waiting = Delivery.objects.pending()
    held = 0
    if circumstances.hold_letters and not circumstances.nothing_since:
        held = waiting.filter(handler__in=LETTERS).update(
            state=Delivery.State.DEAD, last_status=HELD, settled_at=now()
        )
    return f"{waiting.count()} deliveries wait and go on, {held} letters are held for your decision"
