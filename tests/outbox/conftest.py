import pytest
from django.db import transaction

from portal.outbox.models import Delivery
from portal.outbox.recording import record
from portal.outbox.registry import Handler, Plan, registry


@pytest.fixture
def made():
    """What the test's handler has delivered, in order."""
    return []


@pytest.fixture
def handler(made, monkeypatch):
    """Register a handler of the fact ``test.happened`` that does as the payload says."""

    def deliver(attempt):
        made.append(attempt.payload["key"])
        if attempt.payload.get("fails"):
            raise ConnectionError(attempt.payload["fails"])

    def plan(payload):
        return [Plan(key=payload["key"], payload=payload, stream=payload.get("stream", ""))]

    handler = Handler("test.handler", "test.happened", deliver, plan)
    monkeypatch.setitem(registry.by_name, handler.name, handler)
    monkeypatch.setitem(registry.by_fact, handler.fact, [handler])
    return handler


@pytest.fixture
def happen(handler, db):
    """Record ``test.happened`` in a transaction, and return its row."""

    def tell(key, **payload):
        with transaction.atomic():
            record("test.happened", key=key, **payload)
        return Delivery.objects.get(handler="test.handler", key=key)

    return tell
