"""Claiming a delivery under a lease, making it, settling it behind a fence.

Two settings, for trials that cannot wait: ``OUTBOX_LEASE_SECONDS``, how long a worker may hold a delivery
before another one takes over, and ``OUTBOX_LADDER_SECONDS``, the waits between attempts.
"""

from __future__ import annotations

import logging
import random
import re
import uuid
from datetime import timedelta

from django.db import models
from django.utils.timezone import now

from portal.conf import conf
from portal.outbox.models import Delivery
from portal.outbox.registry import Attempt, Outcome, registry
from portal.outbox.storable import storable

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=conf.OUTBOX_LEASE_SECONDS)  # longer than the tasks' limit of 90 s
LADDER = tuple(timedelta(seconds=seconds) for seconds in conf.OUTBOX_LADDER_SECONDS)
JITTER = 0.2
LONGEST_WAIT = timedelta(hours=6)
CLAIMS_AT_MOST = 20  # more than any ladder is long: what is claimed more often kills its worker
SECRETS = re.compile(
    r"""(?i)\b(bearer|basic)\s+[^\s"'&,]+"""
    r"""|(assertion|token|password|secret|api_?key)["']?\s*[=:]\s*["']?[^\s"'&,}]+"""
    r"""|eyJ[\w\-.]{20,}"""  # a JWT (RFC 7519) wherever it stands
    r"""|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"""  # user and password in an address (RFC 3986, clause 3.2.1)
)


def claim(delivery_id: int, *, lease: timedelta = LEASE) -> Delivery | None:
    """Take the delivery if it is due and first in its stream; None when it is not ours to take.

    One conditional UPDATE, so of many workers exactly one gets it; ``lease_owner`` is the fence.
    """
    moment = now()
    owner = uuid.uuid4().hex
    taken = (
        Delivery.objects.filter(pk__in=Delivery.objects.filter(pk=delivery_id).due(moment).values("pk"))
        .unclaimed(moment)
        .update(lease_owner=owner, lease_until=moment + lease, attempts=models.F("attempts") + 1)
    )
    return Delivery.objects.get(pk=delivery_id) if taken else None


def make(delivery: Delivery) -> Outcome:
    """Call the delivery's handler, outside any transaction, and say how it ended."""
    if delivery.attempts > CLAIMS_AT_MOST:
        return Outcome(
            "worker lost", state=Delivery.State.DEAD, error="Its workers died on it again and again."
        )
    handler = registry.by_name.get(delivery.handler)
    if handler is None:
        return Outcome("no handler", state=None, error=f"No handler is named {delivery.handler}.")
    attempt = Attempt(delivery.pk, delivery.payload, delivery.attempts - 1)
    try:
        return handler.deliver(attempt) or Outcome("delivered")
    except Exception as error:  # whatever a handler raises, the row must be settled and kept
        logger.warning("%s failed: %s", delivery, type(error).__name__, exc_info=error)
        return Outcome("error", state=None, error=f"{type(error).__name__}: {error}")


def settle(delivery: Delivery, outcome: Outcome) -> bool:
    """Write the outcome if our lease still holds; False when another worker took over since."""
    same = delivery.last_status == outcome.status[:40]
    delivery.streak = delivery.streak + 1 if same else 1
    changes: dict[str, object] = {
        "streak": delivery.streak,
        "lease_owner": "",
        "lease_until": None,
        "last_status": outcome.status[:40],
        "last_error": mask(outcome.error),
    }
    wait = None if outcome.state else _wait(delivery, outcome)
    if wait is not None:
        changes["next_at"] = now() + wait
    else:
        changes |= {"state": outcome.state or Delivery.State.DEAD, "settled_at": now()}
    ours = Delivery.objects.filter(pk=delivery.pk, lease_owner=delivery.lease_owner)
    return bool(ours.update(**changes))


def _wait(delivery: Delivery, outcome: Outcome) -> timedelta | None:
    """Return how long to wait before the next attempt; None when the ladder has ended.

    An outcome with a ladder of its own climbs it from its first such attempt on, whatever failed
    before for another reason.
    """
    ladder, climbed = (
        (LADDER, delivery.attempts) if outcome.ladder is None else (outcome.ladder, delivery.streak)
    )
    if climbed > len(ladder):
        return None
    if outcome.retry_after is not None:
        return min(max(outcome.retry_after, timedelta(seconds=1)), LONGEST_WAIT)
    step = ladder[climbed - 1]
    return step * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (spreads load, guards nothing)


def mask(text: str) -> str:
    """Return ``text`` without bearer tokens, assertions and passwords, at most 1 KB long, fit to be stored."""
    return str(storable(SECRETS.sub("[masked]", text)))[:1000]


def run(delivery_id: int) -> bool:
    """Claim, make and settle one delivery; False when it was not ours to take."""
    delivery = claim(delivery_id)
    if delivery is None:
        return False
    settle(delivery, make(delivery))
    return True


def run_stream(handler: str, key: str) -> int:
    """Deliver the named row, and after it what its stream holds; return how many were made."""
    row = Delivery.objects.filter(handler=handler, key=key).values_list("pk", "stream").first()
    if row is None:
        return 0
    pk, stream = row
    if not stream:
        return int(run(pk))
    made = 0
    while (head := Delivery.objects.filter(stream=stream).due(now()).first()) and run(head.pk):
        made += 1
    return made


def run_due(*, limit: int = 200, until: timedelta = timedelta(seconds=40)) -> int:
    """Deliver what is due, at most ``limit`` rows or ``until`` long; return how many were made."""
    started = now()
    made = 0
    while made < limit and now() - started < until:
        batch = list(Delivery.objects.all().due(now()).values_list("pk", flat=True)[:20])
        done = sum(run(pk) for pk in batch)
        made += done
        if not done:
            break
    return made
