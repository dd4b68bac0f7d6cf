"""Closed loops of concurrent visitors, and what is made of their times."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.browser import Connection
from benchmarks.cases import Case, Clock, Visitor, arrive, login
from benchmarks.launches import Signer, Ticket
from benchmarks.processor import Used, unknown
from benchmarks.world import World

MOST_GOES = 20_000  # of one visitor
LAUNCHES_AHEAD = 0.5  # of the measured time: first steps, then as many second ones

Step = Callable[[], float]


class Enough(Exception):
    """A visitor has nothing left to do."""


@dataclass(frozen=True)
class Run:
    """What a closed loop brought: seconds of each go, seconds of the whole, and the server's processor time in it."""

    samples: list[float]
    elapsed: float
    processor: float = 0.0

    def quantile(self, share: float) -> float:
        """Return the time in milliseconds that ``share`` of the goes did not exceed."""
        ordered = sorted(self.samples)
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    @property
    def per_second(self) -> float:
        """Goes a second."""
        return len(self.samples) / self.elapsed

    @property
    def processor_ms(self) -> float:
        """The server's processor time for one go, in milliseconds."""
        return 1000 * self.processor / len(self.samples)


def drive(steps: Sequence[Step], seconds: float, used: Used = unknown) -> Run:
    """Let every step run over and over, each in its own thread, for so long. Raises what a step raises."""
    barrier = threading.Barrier(len(steps) + 1)
    samples: list[list[float]] = [[] for _step in steps]
    failures: list[Exception] = []

    def loop(number: int) -> None:
        barrier.wait()
        end = time.perf_counter() + seconds
        try:
            for _go in range(MOST_GOES):
                samples[number].append(steps[number]())
                if time.perf_counter() >= end or failures:
                    return
        except Enough:
            return
        except Exception as failure:  # handed to the caller below
            failures.append(failure)

    threads = [threading.Thread(target=loop, args=[number], daemon=True) for number in range(len(steps))]
    for thread in threads:
        thread.start()
    before = used()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join(seconds + 60)
    elapsed = time.perf_counter() - began
    if failures:
        raise failures[0]
    return Run([sample for row in samples for sample in row], elapsed, used() - before)


def visitors(world: World, count: int) -> list[Visitor]:
    """Return ``count`` visitors who share the learners out among them."""
    return [
        Visitor(world, Connection(world.port), world.learners[number::count], Clock())
        for number in range(count)
    ]


def hang_up(group: Sequence[Visitor]) -> None:
    """Close the visitors' connections."""
    for visitor in group:
        visitor.wire.close()


def step_of(visitor: Visitor, case: Case) -> Step:
    """Return one measured go of ``case`` as this visitor."""

    def step() -> float:
        visitor.wire.ready()
        case.go(visitor)
        return visitor.meter.reading

    return step


def measure(
    world: World, case: Case, concurrency: int, *, seconds: float, warm_up: float, used: Used = unknown
) -> Run:
    """Measure one case with so many concurrent visitors."""
    group = visitors(world, concurrency)
    steps = [step_of(visitor, case) for visitor in group]
    try:
        drive(steps, warm_up)
        return drive(steps, seconds, used)
    finally:
        hang_up(group)


# Launches ---------------------------------------------------------------------------------------


def measure_launches(
    world: World, concurrency: int, *, seconds: float, warm_up: float, used: Used = unknown
) -> dict[str, Run]:
    """Measure launches in two sweeps: all first steps, then (tokens signed meanwhile) all second ones.

    ``launch`` adds the two steps of each launch up; nobody signs while the portal is measured.
    """
    signer = Signer(world.platform)
    group = visitors(world, concurrency)
    try:
        _both_steps(group, signer, warm_up, used)
        firsts, seconds_of = _both_steps(group, signer, seconds, used)
    finally:
        hang_up(group)
    together = [
        first + second
        for first_row, second_row in zip(firsts[1], seconds_of[1], strict=True)
        for first, second in zip(first_row, second_row, strict=True)
    ]
    first_run, second_run = firsts[0], seconds_of[0]
    return {
        "launch": Run(
            together,
            first_run.elapsed + second_run.elapsed,
            first_run.processor + second_run.processor,
        ),
        "launch_login": first_run,
        "launch_message": second_run,
    }


Sweep = tuple[Run, list[list[float]]]


def _both_steps(group: Sequence[Visitor], signer: Signer, seconds: float, used: Used) -> tuple[Sweep, Sweep]:
    begun: list[list[Ticket]] = [[] for _visitor in group]
    times: list[list[float]] = [[] for _visitor in group]

    def first(number: int) -> Step:
        def step() -> float:
            group[number].wire.ready()
            begun[number].append(login(group[number]))
            times[number].append(group[number].meter.reading)
            return times[number][-1]

        return step

    firsts = drive([first(number) for number in range(len(group))], seconds * LAUNCHES_AHEAD, used)
    waiting = [deque((ticket, signer.token(ticket)) for ticket in row) for row in begun]
    later: list[list[float]] = [[] for _visitor in group]

    def second(number: int) -> Step:
        def step() -> float:
            if not waiting[number]:
                raise Enough
            group[number].wire.ready()
            arrive(group[number], *waiting[number].popleft())
            later[number].append(group[number].meter.reading)
            return later[number][-1]

        return step

    seconds_run = drive([second(number) for number in range(len(group))], 45, used)
    if any(waiting):
        raise TimeoutError("the second steps of the launches did not end in time")
    return (firsts, times), (seconds_run, later)
