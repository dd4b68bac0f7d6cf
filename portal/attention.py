"""What waits for somebody on the staff: any app says so here, and the staff's home shows it.

A leaf that every app may import: it knows none of them. A source answers for one person, within what they may see,
in a number of queries that does not grow, and with None when nothing waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

SHOWN = 5  # entries of one concern that are named


@dataclass(frozen=True)
class Entry:
    """One thing that waits, where it is dealt with, and a fact about it (since when, until when)."""

    title: str
    url: str
    facts: str = ""


@dataclass(frozen=True)
class Concern:
    """Things that wait for the same: how many there are, the first of them, and where all are."""

    heading: str
    total: int
    entries: list[Entry] = field(default_factory=list)
    url: str = ""

    @property
    def more(self) -> int:
        """How many are not named."""
        return max(self.total - len(self.entries), 0)


Source = Callable[[Any], Concern | None]
_sources: dict[Source, int] = {}


def concern(order: int) -> Callable[[Source], Source]:
    """Register the decorated function ``(user) -> Concern | None``; the smallest ``order`` stands first."""

    def register(source: Source) -> Source:
        _sources[source] = order
        return source

    return register


def concerns_of(user: Any) -> list[Concern]:
    """Return what waits for ``user``, in order."""
    sources = sorted(_sources, key=lambda source: _sources[source])
    found = (source(user) for source in sources)
    return [concern for concern in found if concern is not None and concern.total]
