"""The outbox against a model of it: whatever happens in whatever order, nothing is lost or doubled."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from portal.outbox import delivering
from portal.outbox.flows import handling
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from portal.outbox.registry import Outcome
from tests.factories.people import UserFactory

OUTCOMES = {
    "sent": Outcome("sent"),
    "again": Outcome("again", state=None),
    "later": Outcome("later", state=None, retry_after=timedelta(minutes=5)),
    "dead": Outcome("dead", state="dead"),
}


class Outbox(RuleBasedStateMachine):
    """Record, claim, settle, crash, decide; time passes."""

    workers = Bundle("workers")

    def __init__(self):
        super().__init__()
        Delivery.objects.all().delete()
        self.time = freeze_time(datetime(2026, 11, 21, tzinfo=UTC))
        self.clock = self.time.start()
        self.recorded: dict[str, str] = {}
        self.holder: dict[int, tuple[str, datetime]] = {}  # row → fence, end of the lease
        self.delivered: list[int] = []

    @rule(key=st.integers(0, 30), stream=st.sampled_from(["", "s", "t"]))
    def record(self, key, stream):
        with transaction.atomic():
            record("test.happened", key=str(key), stream=self.recorded.get(str(key), stream))
        self.recorded.setdefault(str(key), stream)

    @rule(target=workers, choice=st.integers(0, 30))
    def claim(self, choice):
        rows = list(Delivery.objects.order_by("pk"))
        if not rows:
            return None
        row = rows[choice % len(rows)]
        moment = datetime.now(UTC)
        claimed = delivering.claim(row.pk)
        if claimed is None:
            return None
        assert row.state == "pending" and row.next_at <= moment
        elders = [
            one for one in rows if one.stream == row.stream and one.pk < row.pk and one.state == "pending"
        ]
        assert not (row.stream and elders), "out of order"
        if row.pk in self.holder:
            assert self.holder[row.pk][1] <= moment, "two live leases"
        self.holder[row.pk] = (claimed.lease_owner, moment + delivering.LEASE)
        return claimed

    @rule(worker=consumes(workers), how=st.sampled_from(sorted(OUTCOMES)))
    def settle(self, worker, how):
        if worker is None:
            return
        mine = self.holder.get(worker.pk, ("", None))[0] == worker.lease_owner
        settled = delivering.settle(worker, OUTCOMES[how])
        assert settled == mine, "the fence holds for whoever was overtaken, and only for them"
        if settled:
            del self.holder[worker.pk]
            if how == "sent":
                self.delivered.append(worker.pk)

    @rule(worker=consumes(workers))
    def crash(self, worker):
        """The worker is gone; nobody tells the outbox."""

    @rule(seconds=st.sampled_from([1, 30, 99, 100, 600, 86_400]))
    def time_passes(self, seconds):
        self.clock.tick(seconds)

    @rule(choice=st.integers(0, 30), step=st.sampled_from(["retry", "abandon"]))
    def person_decides(self, choice, step):
        rows = list(Delivery.objects.order_by("pk"))
        if not rows:
            return
        row = rows[choice % len(rows)]
        running = row.pk in self.holder and self.holder[row.pk][1] > datetime.now(UTC)
        try:
            getattr(handling, step)(delivery=row, by=self.person, reason="x")
        except handling.NotPossible:
            assert running or row.state not in ("pending", "dead")
            return
        assert not running, "nobody decides over a worker's head"
        if row.pk in self.holder:
            del self.holder[row.pk]

    @invariant()
    def nothing_is_lost_or_doubled(self):
        rows = {row.key: row for row in Delivery.objects.all()}
        assert rows.keys() == self.recorded.keys()
        assert all(rows[key].stream == stream for key, stream in self.recorded.items())
        sent = sorted(row.pk for row in rows.values() if row.state == "sent")
        assert sent == sorted(self.delivered)

    def teardown(self):
        """Let the workers work: everything that was recorded comes to an end."""
        try:
            for _ in range(60):
                if not Delivery.objects.pending().exists():
                    break
                self.clock.tick(timedelta(days=2))
                delivering.run_due()
            assert not Delivery.objects.pending().exists()
        finally:
            self.time.stop()


def test_outbox_behaves_as_its_model(handler, db):
    Outbox.person = UserFactory()
    run_state_machine_as_test(
        Outbox,
        settings=settings(
            max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
