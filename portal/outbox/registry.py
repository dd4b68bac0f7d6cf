"""Who handles which fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

Payload = dict[str, Any]
Text = str | Promise


@dataclass(frozen=True)
class Plan:
    """One delivery a handler wants for a fact: its unique key, its stream, what to deliver."""

    key: str
    payload: Payload
    stream: str = ""


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended.

    ``status`` is a short word for the staff screen; ``state`` the Delivery state to settle in, or
    None to try again after ``retry_after`` (None: by the ladder, at most ``tries`` times).
    """

    status: str
    state: str | None = "sent"
    error: str = ""
    retry_after: timedelta | None = None
    ladder: tuple[timedelta, ...] | None = None


@dataclass(frozen=True)
class Attempt:
    """What a handler is given: the payload, how many attempts there were before, when it began."""

    delivery_id: int
    payload: Payload
    attempts: int


@dataclass(frozen=True)
class Handler:
    """A named receiver of a fact: plans deliveries inside the transaction, makes them outside it."""

    name: str
    fact: str
    deliver: Callable[[Attempt], Outcome | None]
    plan: Callable[[Payload], Iterable[Plan]]
    label: Text = ""  # what staff call it; empty: the name


@dataclass
class Registry:
    """All handlers, by name and by fact."""

    by_name: dict[str, Handler] = field(default_factory=dict)
    by_fact: dict[str, list[Handler]] = field(default_factory=dict)

    def add(self, handler: Handler) -> None:
        """Register ``handler``. Raises ValueError when its name is taken."""
        if handler.name in self.by_name:
            raise ValueError(f"A handler named {handler.name} is already registered.")
        self.by_name[handler.name] = handler
        self.by_fact.setdefault(handler.fact, []).append(handler)

    def label(self, name: str) -> str:
        """Return what staff call the handler named ``name``; the name itself where there is nothing better."""
        handler = self.by_name.get(name)
        return str(handler.label if handler and handler.label else name)


registry = Registry()


def handles(
    fact: str, *, name: str, plan: Callable[[Payload], Iterable[Plan]], label: Text = ""
) -> Callable[[Callable[[Attempt], Outcome | None]], Callable[[Attempt], Outcome | None]]:
    """Register the decorated function to deliver ``fact``.

    ``plan`` runs in the recording transaction (queries only, no network) and says which
    deliveries there are to be; the function makes one, outside any transaction, perhaps more
    than once. Returning None means delivered; raising means: try again by the ladder.
    """

    def register(deliver: Callable[[Attempt], Outcome | None]) -> Callable[[Attempt], Outcome | None]:
        registry.add(Handler(name=name, fact=fact, deliver=deliver, plan=plan, label=label))
        return deliver

    return register
