"""Grades on their way to a platform that often fails, while the workers that carry them are killed.

Everything is real: attempts are graded by the portal's own flows, Celery workers deliver over HTTP, the
trial platform keeps the grade book, and what arrived is judged by the platform's own records alone.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.world import Place
from tests.stack import Stack

WORKERS = ("worker", "worker2")
HELD = (
    "SELECT COUNT(*) FROM outbox_delivery"
    " WHERE state = 'pending' AND lease_until > strftime('%Y-%m-%d %H:%M:%f', 'now')"
)
MISSING = "SELECT COUNT(*) FROM lti_gradecolumn WHERE lineitem_url = ''"
PENDING = "SELECT COUNT(*) FROM outbox_delivery WHERE state = 'pending' AND handler = 'lti.quiz_score'"
FAILING: list[dict[str, Any]] = [  # about one call in five
    {"mode": "503", "rate": 0.09, "seconds": 1, "seed": 1},
    {"mode": "drop_after_apply", "rate": 0.085, "only": "scores", "seed": 2},
    {"mode": "error_after_apply", "rate": 0.09, "only": "scores", "seed": 3},
    # these dice let a look at the columns pass and lose the answer to the making of one
    {"mode": "drop_after_apply", "rate": 0.8, "only": "lineitems", "count": 1, "seed": 0},
]
SLOW: dict[str, Any] = {
    "mode": "slow",
    "rate": 0.1,
    "seconds": 0.2,
    "seed": 4,
}  # not failing, but killed midway


@dataclass(frozen=True)
class Size:
    """How much is tried: learners x rounds x links grades, so many kills, so many seconds at most."""

    learners: int
    rounds: int
    links: int
    kills: int
    seconds: float

    @property
    def passbacks(self) -> int:
        """How many scores are to arrive."""
        return self.learners * self.rounds * self.links


BENCH = Size(learners=200, rounds=5, links=2, kills=20, seconds=240)
SOAK = Size(learners=500, rounds=10, links=2, kills=50, seconds=1500)


@dataclass(frozen=True)
class Result:
    """What became of it, by the platform's own records."""

    name: str
    passbacks: int
    kills: int
    failing_calls: int
    lost: int
    duplicated: int
    out_of_order: int
    seconds: float


@dataclass
class Verdict:
    """Lost (never arrived, or with another score), arrived more than once, arrived after a later one."""

    lost: list[Any] = field(default_factory=list)
    duplicated: list[Any] = field(default_factory=list)
    out_of_order: list[Any] = field(default_factory=list)


class Trial:
    """One run, on the learners from the ``first`` on; ``mishap`` is what happens at even steps of it."""

    def __init__(
        self, place: Place, size: Size, *, first: int = 0, mishap: Callable[[Trial], None] | None = None
    ) -> None:
        self.place = place
        self.size = size
        self.first = first
        self.mishap = mishap or kill_worker
        self.mishaps = 0
        self.midway = 0
        self.emptied = 0
        self.calls = 0
        self.revived: list[str] = []
        self.recorded: list[dict[str, Any]] = []
        self._arrived = 0
        self._last = max((row["id"] for row in place.trial.effects()), default=0)
        self._log = max((row["id"] for row in place.trial.calls()), default=0)

    def run(self) -> Result:
        """Record, deliver, let mishaps happen; return what became of it.

        Raises TimeoutError when not everything is delivered in time.
        """
        before = self._last
        self.place.trial.post("/api/faults", rules=[*FAILING, SLOW])
        self.place.stack.start(*({"web", *WORKERS, "beat"} - set(self.place.stack.processes)))
        began = time.monotonic()
        try:
            Stack.wait_for(lambda: not self.ask(MISSING), "the columns", 90)
            columns = self.place.columns()
            self._record_and_watch(began + self.size.seconds)
        finally:
            for name in (*WORKERS, "beat"):
                self.place.stack.stop(name, signal.SIGKILL)
        seconds = time.monotonic() - began
        self.place.trial.post("/api/faults", mode="none")
        verdict = judge(self.recorded, self.place.trial.effects(before), columns)
        if self.place.columns() != columns or len(columns) != self.size.links:
            raise RuntimeError(f"columns of {self.size.links} links: {columns}, then {self.place.columns()}")
        calls = self.place.trial.calls(self._log)
        self.calls = len(calls)
        return Result(
            name="outbox",
            passbacks=len(self.recorded) * self.size.links,
            kills=self.mishaps,
            failing_calls=sum(call["fault"] not in {None, "slow"} for call in calls),
            lost=len(verdict.lost),
            duplicated=len(verdict.duplicated),
            out_of_order=len(verdict.out_of_order),
            seconds=round(seconds, 1),
        )

    def _record_and_watch(self, deadline: float) -> None:
        world = str(self.place.world_file)
        some = [str(self.first), str(self.size.learners), str(self.size.rounds)]
        recorder = self.place.stack.script("benchmarks.record", world, *some)
        reader = threading.Thread(target=self._read, args=[recorder], daemon=True)
        reader.start()
        try:
            self._watch(recorder, deadline)
        finally:
            recorder.kill()
            recorder.wait(10)
            reader.join(10)

    def _read(self, recorder: subprocess.Popen[str]) -> None:
        assert recorder.stdout is not None
        with recorder.stdout as lines:
            self.recorded += [json.loads(line) for line in lines]

    def _watch(self, recorder: subprocess.Popen[str], deadline: float) -> None:
        """Let a mishap happen at even steps of what has arrived, until all is delivered."""
        while time.monotonic() < deadline:
            self._count_arrivals()
            self.revived += self.place.stack.revive()
            step = (self.mishaps + 1) * self.size.passbacks / (self.size.kills + 1)
            if self.mishaps < self.size.kills and self._arrived >= step:
                self.mishap(self)
                self.mishaps += 1
            if recorder.poll():
                raise RuntimeError("the learners could not finish; see above")
            done = recorder.returncode == 0 and self.mishaps >= self.size.kills
            if done and not self.ask(PENDING):
                return
            time.sleep(0.1)
        raise TimeoutError(
            f"{self._arrived} scores of {self.size.passbacks} arrived in {self.size.seconds} s,"
            f" {self.ask(PENDING)} are pending, {self.mishaps} mishaps"
        )

    def _count_arrivals(self) -> None:
        new = self.place.trial.effects(after=self._last)
        self._arrived += len(new)
        self._last = max((row["id"] for row in new), default=self._last)

    def ask(self, question: str) -> int:
        """Return a number from the portal's database, without disturbing it."""
        path = self.place.stack.var / "kelrodis.sqlite3"
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)
        try:
            return int(database.execute(question).fetchone()[0])
        finally:
            database.close()


def kill_worker(trial: Trial) -> None:
    """Kill one of the two workers, all its processes, while it holds a delivery; start it again."""
    end = time.monotonic() + 5
    while (held := trial.ask(HELD)) < 3 and time.monotonic() < end:  # each worker holds two at most
        time.sleep(0.005)
    trial.midway += held >= 3
    name = WORKERS[trial.mishaps % len(WORKERS)]
    trial.place.stack.stop(name, signal.SIGKILL)
    trial.place.stack.start(name)


def empty_broker(trial: Trial) -> None:
    """Remove the broker's folder with all messages. Workers die of that and are started again, as supervisord does."""
    shutil.rmtree(trial.place.stack.var / "broker", ignore_errors=True)


def kill_worker_and_once_empty_broker(trial: Trial) -> None:
    """Kill a worker; in the middle of the run every message is lost, too."""
    if trial.mishaps == trial.size.kills // 2:
        empty_broker(trial)
        trial.emptied += 1
    kill_worker(trial)


def judge(recorded: list[dict[str, Any]], effects: list[dict[str, Any]], line_items: list[int]) -> Verdict:
    """Compare what was graded here with what took effect there. The comment tells a score's attempt."""
    verdict = Verdict()
    people = {row["subject"] for row in recorded}
    times: Counter[tuple[int, str, int]] = Counter()
    given: dict[tuple[int, str, int], float] = {}
    latest: dict[tuple[int, str], tuple[int, str]] = {}
    for effect in effects:
        if str(effect["person"]) not in people:
            continue
        pair = (effect["lineitem"], str(effect["person"]))
        number = _attempt_of(effect)
        moment = (number, effect["timestamp"])
        before = latest.get(pair, (0, ""))
        if number < before[0] or effect["timestamp"] < before[1]:
            verdict.out_of_order.append((pair, before, moment))
        latest[pair] = moment
        times[(*pair, number)] += 1
        given[(*pair, number)] = effect["score_given"]
    expected = {
        (item, row["subject"], row["number"]): row["given"] for row in recorded for item in line_items
    }
    verdict.lost = [key for key, score in expected.items() if abs(given.get(key, -1) - score) > 0.006]
    verdict.duplicated = [key for key, count in times.items() if count > 1 or key not in expected]
    return verdict


def _attempt_of(effect: dict[str, Any]) -> int:
    number = re.search(r"\d+", json.loads(effect["body"])["comment"])
    return int(number[0]) if number else 0


def show(result: Result, trial: Trial) -> None:
    """Print what became of it."""
    print(
        f"\noutbox: {result.passbacks} grades in {result.seconds:.0f} s; {result.kills} workers killed,"
        f" {trial.midway} of them certainly in mid-call; {result.failing_calls} of {trial.calls} calls failed\n"
        f"{result.lost} lost, {result.duplicated} duplicated, {result.out_of_order} out of order"
    )
