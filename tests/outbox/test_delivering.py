import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import now
from freezegun import freeze_time

from portal.outbox import delivering, tasks
from portal.outbox.flows import handling
from portal.outbox.models import Delivery, Heartbeat
from portal.outbox.registry import Handler, Outcome, registry
from tests.factories.people import UserFactory


@pytest.fixture
def clock():
    with freeze_time("2026-11-21T08:00:00Z", ignore=["_pytest"]) as frozen:
        yield frozen


def state(row) -> str:
    row.refresh_from_db()
    return row.state


class TestClaiming:
    """Of many workers one gets a delivery, and keeps it while its lease runs."""

    def test_delivered_once_and_then_never_again(self, happen, made):
        row = happen("a")
        assert delivering.run(row.pk)
        assert not delivering.run(row.pk)
        assert made == ["a"]
        assert state(row) == "sent"
        assert row.settled_at

    def test_claimed_one_is_not_to_be_had_until_its_lease_ends(self, happen, clock):
        row = happen("a")
        assert delivering.claim(row.pk)
        assert delivering.claim(row.pk) is None
        clock.tick(delivering.LEASE - timedelta(seconds=1))
        assert delivering.claim(row.pk) is None
        clock.tick(timedelta(seconds=1))
        assert delivering.claim(row.pk)

    def test_worker_whose_lease_ended_cannot_settle(self, happen, clock):
        row = happen("a")
        slow = delivering.claim(row.pk)
        clock.tick(delivering.LEASE)
        quick = delivering.claim(row.pk)
        assert not delivering.settle(slow, Outcome("late"))
        assert state(row) == "pending"
        assert delivering.settle(quick, Outcome("in time"))
        row.refresh_from_db()
        assert (row.state, row.last_status) == ("sent", "in time")
        assert not delivering.settle(slow, Outcome("much too late", state="dead"))
        assert state(row) == "sent"

    def test_nothing_is_claimed_before_its_time(self, happen, clock):
        row = happen("a", fails="503")
        delivering.run(row.pk)
        assert delivering.claim(row.pk) is None
        clock.tick(timedelta(seconds=7))
        assert delivering.claim(row.pk)

    @pytest.mark.django_db(transaction=True)
    def test_of_sixteen_workers_at_once_exactly_one_gets_it(self, happen, made):
        rows = [happen(f"row-{number}") for number in range(5)]
        barrier = threading.Barrier(16)

        def worker(_):
            barrier.wait()
            try:
                return [delivering.run(row.pk) for row in rows]
            finally:
                connection.close()

        with ThreadPoolExecutor(16) as pool:
            results = list(pool.map(worker, range(16)))
        assert [sum(column) for column in zip(*results, strict=True)] == [1] * 5
        assert sorted(made) == sorted(row.key for row in rows)


class TestDecidedMeanwhile:
    """A worker that comes back after a person has decided changes nothing any more."""

    @pytest.mark.parametrize(
        ("step", "stands"), [(handling.retry, "pending"), (handling.abandon, "abandoned")]
    )
    @pytest.mark.parametrize(
        "late", [Outcome("sent"), Outcome("again", state=None), Outcome("dead", state="dead")]
    )
    def test_decision_stands(self, happen, clock, step, stands, late):
        row = happen("a")
        slow = delivering.claim(row.pk)
        clock.tick(delivering.LEASE)
        step(delivery=row, by=UserFactory(), reason="It hangs")
        assert not delivering.settle(slow, late)
        assert state(row) == stands


class TestStreams:
    """Within a stream, in the order of recording; between streams, in none."""

    def test_newer_one_waits_for_the_elder(self, happen, made):
        first, second = happen("1", stream="s"), happen("2", stream="s")
        assert delivering.claim(second.pk) is None
        delivering.run_stream("test.handler", "2")
        assert made == ["1", "2"]
        assert (state(first), state(second)) == ("sent", "sent")

    def test_failing_head_holds_its_own_stream_and_no_other(self, happen, made, clock):
        happen("1", stream="s", fails="503")
        second, other, alone = happen("2", stream="s"), happen("x", stream="t"), happen("y")
        delivering.run_due()
        assert made == ["1", "x", "y"]
        assert (state(second), state(other), state(alone)) == ("pending", "sent", "sent")

    def test_head_being_delivered_holds_its_stream(self, happen):
        first, second = happen("1", stream="s"), happen("2", stream="s")
        assert delivering.claim(first.pk)
        assert delivering.claim(second.pk) is None

    @pytest.mark.parametrize("end", ["dead", "abandoned", "superseded"])
    def test_head_that_is_over_blocks_nothing(self, happen, made, end):
        first, second = happen("1", stream="s"), happen("2", stream="s")
        Delivery.objects.filter(pk=first.pk).update(state=end)
        delivering.run_due()
        assert made == ["2"]
        assert state(second) == "sent"

    def test_deliveries_without_a_stream_do_not_wait_for_each_other(self, happen, made):
        first, second = happen("1"), happen("2")
        assert delivering.claim(first.pk)
        assert delivering.run(second.pk)


class TestTryingAgain:
    """The ladder: 5 s to 27 h, about three days in all, each step a fifth shorter or longer."""

    def test_ladder_is_climbed_to_its_end_and_then_given_up(self, happen, made, clock, monkeypatch):
        monkeypatch.setattr(random, "uniform", lambda low, high: 1.0)
        row = happen("a", fails="503")
        waits = []
        while delivering.run(row.pk):
            row.refresh_from_db()
            if row.state != "pending":
                break
            waits.append(row.next_at - now())
            clock.move_to(row.next_at)
        assert tuple(waits) == delivering.LADDER
        assert timedelta(days=2.5) < sum(waits, timedelta()) < timedelta(days=3.5)
        assert row.state == "dead"
        assert row.last_error == "ConnectionError: 503"
        assert len(made) == len(delivering.LADDER) + 1

    def test_steps_are_spread_by_a_fifth_either_way(self, happen, clock):
        row = happen("a", fails="503")
        seconds = []
        for _ in range(300):
            Delivery.objects.filter(pk=row.pk).update(attempts=0, next_at=now(), lease_until=None)
            delivering.run(row.pk)
            row.refresh_from_db()
            seconds.append((row.next_at - now()).total_seconds())
        assert 4 <= min(seconds) < 4.3
        assert 5.7 < max(seconds) <= 6
        assert len(set(seconds)) > 200

    @pytest.mark.parametrize(
        ("asked", "waited"), [(timedelta(seconds=90), 90), (timedelta(0), 1), (timedelta(days=9), 6 * 3600)]
    )
    def test_wait_the_other_side_asks_for_is_kept_within_bounds(self, happen, clock, asked, waited):
        row = happen("a")
        claimed = delivering.claim(row.pk)
        delivering.settle(claimed, Outcome("busy", state=None, retry_after=asked))
        row.refresh_from_db()
        assert row.next_at - now() == timedelta(seconds=waited)

    def test_ladder_of_the_outcomes_own_is_climbed_instead(self, happen, clock):
        row = happen("a")
        ladder = (timedelta(hours=1), timedelta(hours=24))
        for _ in range(3):
            claimed = delivering.claim(row.pk)
            delivering.settle(claimed, Outcome("not enrolled", state=None, ladder=ladder))
            clock.tick(timedelta(hours=30))
        assert state(row) == "dead"
        assert row.attempts == 3

    def test_delivery_that_kills_its_worker_ends_too(self, happen, made, clock):
        row = happen("poison")
        for _ in range(delivering.CLAIMS_AT_MOST):
            assert delivering.claim(row.pk), "and the worker dies"
            clock.tick(delivering.LEASE)
        delivering.run(row.pk)
        assert (state(row), row.last_status) == ("dead", "worker lost")
        assert made == []

    def test_delivery_of_a_handler_that_is_gone_is_kept(self, happen, monkeypatch):
        row = happen("a")
        monkeypatch.delitem(registry.by_name, "test.handler")
        delivering.run(row.pk)
        row.refresh_from_db()
        assert (row.state, row.last_status) == ("pending", "no handler")


class TestOutcomes:
    """What a handler says is what is written."""

    @pytest.mark.parametrize("said", [None, Outcome("delivered"), Outcome("nowhere", state="superseded")])
    def test_it_is_written_as_said(self, happen, handler, monkeypatch, said):
        sayer = Handler(handler.name, handler.fact, lambda attempt: said, handler.plan)
        monkeypatch.setitem(registry.by_name, handler.name, sayer)
        row = happen("a")
        delivering.run(row.pk)
        row.refresh_from_db()
        meant = said or Outcome("delivered")
        assert (row.state, row.last_status) == (meant.state, meant.status)

    def test_handler_is_told_how_often_it_was_tried(self, happen, handler, monkeypatch, clock):
        seen = []

        def deliver(attempt):
            seen.append(attempt.attempts)
            raise TimeoutError

        monkeypatch.setitem(
            registry.by_name, handler.name, Handler(handler.name, handler.fact, deliver, handler.plan)
        )
        row = happen("a")
        for _ in range(3):
            delivering.run(row.pk)
            clock.tick(timedelta(hours=1))
        assert seen == [0, 1, 2]


@pytest.mark.parametrize(
    ("error", "secret"),
    [
        ("401 Authorization: Bearer abc.DEF-123_x refused", "abc.DEF-123_x"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("POST client_assertion=AbC123&scope=x", "AbC123"),
        ('{"access_token": "s3cret", "x": 1}', "s3cret"),
        ("password = 'hunter2'", "hunter2"),
        ("client_secret: hunter3", "hunter3"),
        ("bad token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJhbGciOiJSUzI1NiJ9"),
        ("smtp://kelrodis:labas@mail.example refused", "labas"),
    ],
)
def test_secrets_do_not_reach_the_screen(error, secret):
    assert secret not in delivering.mask(error)
    assert "[masked]" in delivering.mask(error)


@pytest.mark.parametrize(
    "error", ["The token was refused.", "ConnectionError: [Errno 111] Connection refused"]
)
def test_words_about_secrets_are_left_alone(error):
    assert delivering.mask(error) == error


def test_error_holds_only_what_a_database_can_store():
    assert delivering.mask("503 \x00 from \udcff the platform") == "503  from  the platform"


def test_error_is_kept_short():
    assert len(delivering.mask("ž" * 5000)) == 1000


class TestSweep:
    """What the broker lost is found by the clock."""

    def test_rows_nobody_was_told_of_are_delivered(self, happen, made):
        for number in range(45):
            happen(f"{number:02}")
        assert tasks.sweep() == 45
        assert made == [f"{number:02}" for number in range(45)]

    def test_it_stops_at_its_limits(self, happen, made):
        for number in range(30):
            happen(f"{number:02}")
        assert delivering.run_due(limit=20) == 20
        assert delivering.run_due(until=timedelta(0)) == 0

    def test_it_leaves_its_mark(self, db, clock):
        tasks.sweep()
        clock.tick(15)
        tasks.sweep()
        assert Heartbeat.objects.get().beat_at == now()

    def test_looking_for_what_is_due_costs_one_query_a_batch(self, happen, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert delivering.run_due() == 0
