"""Rows, as a table on the screen and as JSON in ``var/bench/``."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.stack import ROOT

FOLDER = Path(os.environ.get("KELRODIS_VAR") or ROOT / "var") / "bench"


@dataclass(frozen=True)
class Row:
    """One case at one number of concurrent visitors.

    ``cpu_ms`` is the server's processor time for one go; beside the empty view's, and beside the check of one RS256
    signature. None where a go has requests before it that are not measured.
    """

    name: str
    concurrency: int
    p50_ms: float
    p95_ms: float
    per_second: float
    queries: int
    times_empty_view: float
    cpu_ms: float | None = None
    cpu_times_empty_view: float | None = None
    cpu_times_rs256: float | None = None


# Measured elsewhere: Moodle on two cores of a like machine (PHP 8.2-fpm, eight workers, opcache,
# PostgreSQL 15, nginx; one signed-in student per worker, 7 s each, warmed). p50 ms at 1, 4 and 8
# concurrent users, the most a second, SQL statements (reads + writes).
MOODLE = [
    ("page view (mod_page)", 75, 150, 307, "26", "32+2"),
    ("course page", 96, 177, 386, "22", "31+1"),
    ("quiz start, POST and GET", 135, 263, 506, "7.4 cycles", "63+26"),
    ("one answer, POST and GET", 117, 225, 412, "7.4 cycles", "62+7"),
    ("one answer, the POST alone", 33, 60, 103, "", "22+5"),
    ("LTI launch, Moodle's half", 40, 86, 165, "49", "40+0"),
]


def write(name: str, rows: Sequence[Any]) -> Path:
    """Write dataclass rows to ``var/bench/<name>.json``; return the path."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    text = json.dumps([asdict(row) for row in rows], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def show(rows: Sequence[Row], about: dict[str, str]) -> None:
    """Print the rows, one table for all."""
    print(
        f"\n{'':<16}{'at once':>8}{'p50 ms':>9}{'p95 ms':>9}{'per s':>9}{'SQL':>5}{'× empty':>9}"
        f"{'CPU ms':>9}{'× empty':>9}{'× RS256':>9}"
    )
    before = ""
    for row in rows:
        if row.name != before and row.name in about:
            print(f"{row.name}: {about[row.name]}")
        before = row.name
        print(
            f"{'':<16}{row.concurrency:>8}{row.p50_ms:>9.1f}{row.p95_ms:>9.1f}{row.per_second:>9.1f}"
            f"{row.queries:>5}{row.times_empty_view:>9.1f}"
            f"{_or_nothing(row.cpu_ms, 2)}{_or_nothing(row.cpu_times_empty_view)}{_or_nothing(row.cpu_times_rs256)}"
        )


def _or_nothing(value: float | None, digits: int = 1) -> str:
    return f"{'':>9}" if value is None else f"{value:>9.{digits}f}"


def show_moodle() -> None:
    """Print what Moodle was measured to take, clearly apart from our own rows."""
    print("\nNOT of this run: Moodle, measured elsewhere on a like machine of two cores, p50 in ms")
    print(f"{'':<32}{'1 user':>8}{'4 users':>9}{'8 users':>9}{'most per s':>13}{'SQL':>8}")
    for name, one, four, eight, most, sql in MOODLE:
        print(f"{name:<32}{one:>8}{four:>9}{eight:>9}{most:>13}{sql:>8}")
