"""Panels of the home page and rows of its week: whoever has something to show registers it here.

The home page knows no app above it. An app registers functions when it is loaded; the composition root gathers what
they return. What returns nothing is not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from portal.content.models import HomePage

WEEK = 6  # rows of the week that are shown


@dataclass(frozen=True)
class Panel:
    """A part of the home page: its template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Happening:
    """A row of the week: something with a beginning. ``tag`` is a word on its seats; ``tone`` is new, ok or plain."""

    starts: datetime
    title: str
    url: str
    facts: str
    tag: str = ""
    tone: str = ""


PanelSource = Callable[[HttpRequest, HomePage], Panel | None]
WeekSource = Callable[[HttpRequest, HomePage], list[Happening]]
_panels: dict[PanelSource, int] = {}
_weeks: list[WeekSource] = []


def home_panel(order: int) -> Callable[[PanelSource], PanelSource]:
    """Register the decorated function for a panel of the home page; the smallest ``order`` stands first."""

    def register(source: PanelSource) -> PanelSource:
        _panels[source] = order
        return source

    return register


def of_the_week(source: WeekSource) -> WeekSource:
    """Register the decorated function for rows of the week."""
    _weeks.append(source)
    return source


def panels_for(request: HttpRequest, page: HomePage) -> list[Panel]:
    """Return the panels that have something to show this visitor, in order."""
    sources = sorted(_panels, key=lambda source: _panels[source])
    return [panel for source in sources if (panel := source(request, page)) is not None]


@home_panel(order=30)
def this_week(request: HttpRequest, page: HomePage) -> Panel | None:
    """Show what begins soon, from every app that has such things; nothing while none has."""
    rows = [row for source in _weeks for row in source(request, page)]
    rows.sort(key=lambda row: row.starts)
    return Panel("content/this_week.html", {"rows": rows[:WEEK]}) if rows else None
