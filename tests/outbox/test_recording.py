import logging

import kombu.exceptions
import pytest
from django.db import transaction

from portal.outbox import recording
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from portal.outbox.registry import Handler, Plan, registry


def test_fact_becomes_a_row_for_every_handler(handler, happen, monkeypatch):
    second = Handler("test.second", "test.happened", handler.deliver, handler.plan)
    monkeypatch.setitem(registry.by_name, second.name, second)
    monkeypatch.setitem(registry.by_fact, "test.happened", [handler, second])
    happen("a", stream="s")
    rows = Delivery.objects.order_by("handler").values_list("handler", "key", "stream", "state")
    assert list(rows) == [("test.handler", "a", "s", "pending"), ("test.second", "a", "s", "pending")]


def test_fact_nobody_handles_leaves_no_row(db):
    with transaction.atomic():
        assert record("test.unheard_of", key="a") == []
    assert not Delivery.objects.exists()


def test_recording_the_same_fact_again_has_one_effect(happen):
    first = happen("a", text="first")
    happen("a", text="second")
    assert Delivery.objects.get() == first
    assert Delivery.objects.get().payload["text"] == "first"


def test_what_no_database_stores_as_text_keeps_nothing_from_being_recorded(happen):
    row = happen("a", text="Pavad\x00inimas \ud83d", parts=[{"vard\x00as": "Ona"}])
    row.refresh_from_db()
    assert row.payload["text"] == "Pavadinimas "
    assert row.payload["parts"] == [{"vardas": "Ona"}]


def test_one_fact_may_need_several_deliveries(handler, monkeypatch, db):
    def plan(payload):
        return [Plan(key=f"{payload['key']}:{part}", payload=payload) for part in (1, 2)]

    monkeypatch.setitem(
        registry.by_fact, "test.happened", [Handler("test.handler", "", handler.deliver, plan)]
    )
    with transaction.atomic():
        record("test.happened", key="a")
    assert sorted(Delivery.objects.values_list("key", flat=True)) == ["a:1", "a:2"]


@pytest.mark.django_db(transaction=True)
def test_fact_outside_a_transaction_is_refused(handler):
    with pytest.raises(transaction.TransactionManagementError):
        record("test.happened", key="a")


@pytest.mark.django_db(transaction=True)
def test_fact_of_a_transaction_that_failed_was_never_told(handler, monkeypatch):
    nudged = []
    monkeypatch.setattr(recording.deliver_stream, "delay", lambda *names: nudged.append(names))
    with pytest.raises(RuntimeError), transaction.atomic():
        record("test.happened", key="a")
        raise RuntimeError
    assert not Delivery.objects.exists()
    assert nudged == []


def test_worker_is_nudged_once_a_row_when_the_transaction_is_over(
    happen, monkeypatch, django_capture_on_commit_callbacks
):
    nudged = []
    monkeypatch.setattr(recording.deliver_stream, "delay", lambda *names: nudged.append(names))
    with django_capture_on_commit_callbacks(execute=True):
        happen("a")
        assert nudged == []
    assert nudged == [("test.handler", "a")]


@pytest.mark.parametrize(
    "error",
    [
        kombu.exceptions.OperationalError("refused"),
        ConnectionRefusedError(),
        OSError("disk full"),
        ValueError(),
    ],
)
def test_broker_that_is_down_costs_nothing_but_a_line_in_the_log(
    happen, monkeypatch, caplog, error, django_capture_on_commit_callbacks
):
    def refuse(*names):
        raise error

    monkeypatch.setattr(recording.deliver_stream, "delay", refuse)
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        row = happen("a")
    assert row.state == "pending"
    assert "the sweep will deliver" in caplog.text


def test_name_of_a_handler_is_taken_once(handler):
    with pytest.raises(ValueError, match=r"test\.handler"):
        registry.add(handler)
