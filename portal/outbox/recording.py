"""Recording facts, in the same transaction as what they tell of."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from portal.outbox.models import Delivery
from portal.outbox.registry import registry
from portal.outbox.storable import storable
from portal.outbox.tasks import deliver_stream

logger = logging.getLogger(__name__)


def record(fact: str, **payload: Any) -> list[Delivery]:
    """Write one row for every delivery the fact's handlers plan, and nudge a worker on commit.

    ``payload`` must be JSON. Recording the same fact again adds nothing (unique handler and key).
    Raises TransactionManagementError outside a transaction: a fact without its cause is a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(f"record({fact!r}) needs the caller's transaction.")
    rows = [
        Delivery(handler=handler.name, key=plan.key, stream=plan.stream, payload=storable(plan.payload))
        for handler in registry.by_fact.get(fact, [])
        for plan in handler.plan(payload)
    ]
    if rows:
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        transaction.on_commit(lambda: nudge(rows), robust=True)
    return rows


def nudge(rows: list[Delivery]) -> None:
    """Tell the workers there is something to do. A broker that is down costs the sweep's 15 s."""
    for handler, key in {(row.handler, row.key) for row in rows}:
        try:
            deliver_stream.delay(handler, key)
        except Exception as error:  # every broker error is the broker's own; the row is safe
            logger.warning("nudge failed, the sweep will deliver: %s", type(error).__name__)
            return
