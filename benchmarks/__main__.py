"""`make bench`: how long pages, answers and launches take, and what the outbox survives.

python -m benchmarks [names…]   names are cases (lesson, launch, …) or `outbox`; without any: all

The portal, the trial platform and the visitors share the processors of this machine, so the visitors' own time is
in every number but those of processor time (CPU), which are the web server's. What lasts are times beside an empty
view's of the same run, and beside the check of one RS256 signature, which no launch can do without.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks import outbox, report
from benchmarks.cases import EMPTY, PAGES
from benchmarks.launches import Signer
from benchmarks.load import Run, measure, measure_launches
from benchmarks.outbox import BENCH
from benchmarks.processor import Used, of_session
from benchmarks.report import Row
from benchmarks.world import Place, World

CONCURRENCY = (1, 4, 16)
PEOPLE = 64
LAUNCHES = {
    "launch": "both steps of a returning person's launch, up to our redirect; signing not included",
    "launch_login": "its first step alone",
    "launch_message": "its second step alone",
}
ABOUT = {case.name: case.about for case in [EMPTY, *PAGES]} | LAUNCHES


def main() -> None:
    """Measure what was asked for."""
    known = [case.name for case in PAGES] + ["launch", "outbox"]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the portal.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(known))
    parser.add_argument("--seconds", type=float, default=1.5, help="how long each case is measured (1.5)")
    options = parser.parse_args()
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no such case: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit("stopped"))  # and everything with it
    print(__doc__.split("\n\n")[-1])
    run(set(options.names or known), options.seconds)
    print(f"\n{time.monotonic() - began:.0f} s in all, on {os.cpu_count()} processors")


def run(names: set[str], seconds: float) -> None:
    """Measure; print and write the rows. The outbox comes first, so that the pages have a past."""
    with_outbox = "outbox" in names
    people = PEOPLE + (BENCH.learners if with_outbox else 0)
    with (
        tempfile.TemporaryDirectory(prefix="kelrodis-bench-") as folder,
        Place(Path(folder), people=people, links=BENCH.links if with_outbox else 1) as place,
    ):
        if with_outbox:
            trial = outbox.Trial(place, BENCH, first=PEOPLE)
            result = trial.run()
            report.write("outbox", [result])
            outbox.show(result, trial)
        if names - {"outbox"}:
            measure_pages(place, names, seconds)
    print(f"\nWritten to {report.FOLDER}/")


def measure_pages(place: Place, names: set[str], seconds: float) -> None:
    """Measure pages, answers and launches. No worker runs meanwhile."""
    counts: dict[str, int] = json.loads(place.run_script("benchmarks.queries").splitlines()[-1])
    if "web" not in place.stack.processes:
        place.stack.start("web")
    world = place.world()
    world.learners = world.learners[:PEOPLE]
    used = of_session(place.stack.processes["web"].pid)
    rows = list(_rows(world, names, counts, seconds, used))
    order = list(ABOUT)
    rows.sort(key=lambda row: (order.index(row.name), row.concurrency))
    for name in dict.fromkeys(row.name for row in rows):
        report.write(name, [row for row in rows if row.name == name])
    report.show(rows, ABOUT)
    report.show_moodle()


def _rows(world: World, names: set[str], counts: dict[str, int], seconds: float, used: Used) -> Iterator[Row]:
    check_ms = Signer(world.platform).check_ms()
    print(f"\nOne RS256 signature is checked in {check_ms:.3f} ms of processor time.")
    for concurrency in CONCURRENCY:
        empty = measure(world, EMPTY, concurrency, seconds=seconds, warm_up=1, used=used)
        runs = {EMPTY.name: empty}
        for case in PAGES:
            if case.name in names:
                runs[case.name] = measure(world, case, concurrency, seconds=seconds, warm_up=0.5)
        if "launch" in names:
            runs |= measure_launches(world, concurrency, seconds=seconds, warm_up=0.5, used=used)
        for name, run in runs.items():
            row = row_of(name, concurrency, run, counts[name], empty)
            yield with_processor(row, run, empty, check_ms) if name in {EMPTY.name, *LAUNCHES} else row


def row_of(name: str, concurrency: int, run: Run, queries: int, empty: Run) -> Row:
    """Return a run as a row."""
    return Row(
        name=name,
        concurrency=concurrency,
        p50_ms=round(run.quantile(0.5), 2),
        p95_ms=round(run.quantile(0.95), 2),
        per_second=round(run.per_second, 1),
        queries=queries,
        times_empty_view=round(run.quantile(0.5) / empty.quantile(0.5), 2),
    )


def with_processor(row: Row, run: Run, empty: Run, check_ms: float) -> Row:
    """Return the row with the server's processor time for one go, in three units."""
    return replace(
        row,
        cpu_ms=round(run.processor_ms, 3),
        cpu_times_empty_view=round(run.processor_ms / empty.processor_ms, 2),
        cpu_times_rs256=round(run.processor_ms / check_ms, 1),
    )


if __name__ == "__main__":
    main()
