"""What is measured: one go of each, told apart into what counts and what only leads up to it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks.browser import Browser, Wire
from benchmarks.launches import Ticket, begin_launch, finish_launch
from benchmarks.world import Learner, World


class Meter(Protocol):
    """Measures what happens inside ``measure()``; ``reading`` holds the latest measure."""

    reading: float

    def measure(self) -> AbstractContextManager[None]:
        """Measure what happens inside."""


class Clock:
    """A meter of seconds."""

    def __init__(self) -> None:
        self.reading = 0.0

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        yield
        self.reading = time.perf_counter() - began


@dataclass
class Visitor:
    """One concurrent visitor: the learners it plays in turn, its connection, its meter."""

    world: World
    wire: Wire
    learners: list[Learner]
    meter: Meter
    seq: Iterator[int] = field(default_factory=lambda: itertools.count(int(time.time() * 1000)))
    turn: int = 0
    _attempts: dict[str, tuple[Browser, str]] = field(default_factory=dict)

    def learner(self) -> Learner:
        """Return whose turn it is."""
        self.turn += 1
        return self.learners[self.turn % len(self.learners)]

    def signed_in(self, learner: Learner) -> Browser:
        """Return the learner's browser, signed in by a launch."""
        return Browser(self.wire, cookies=dict(learner.cookies))

    def attempt(self, learner: Learner) -> tuple[Browser, str]:
        """Return the learner's browser and running attempt, begun if there is none."""
        if learner.subject not in self._attempts:
            browser = self.signed_in(learner)
            browser.take_token(browser.get(self.world.quiz))
            place = browser.post(f"/lt/learn/{self.world.quiz_uuid}/start/", {}).headers["location"]
            self._attempts[learner.subject] = (browser, place)
        return self._attempts[learner.subject]

    def attempt_over(self, learner: Learner) -> None:
        """Forget the learner's attempt."""
        self._attempts.pop(learner.subject, None)


Go = Callable[[Visitor], None]


@dataclass(frozen=True)
class Case:
    """One thing to measure."""

    name: str
    about: str
    go: Go


def anonymous(page: str, query: str = "") -> Go:
    """Return a go that opens a page without signing in; with a query it is made anew each time."""

    def go(visitor: Visitor) -> None:
        browser = Browser(visitor.wire)
        path = getattr(visitor.world, page) + query
        with visitor.meter.measure():
            browser.get(path)

    return go


def learning(page: str) -> Go:
    """Return a go that opens a page in a session that began with a launch."""

    def go(visitor: Visitor) -> None:
        browser = visitor.signed_in(visitor.learner())
        path = getattr(visitor.world, page)
        with visitor.meter.measure():
            browser.get(path)

    return go


def attempt_page(visitor: Visitor) -> None:
    """Open the running attempt."""
    browser, place = visitor.attempt(visitor.learner())
    with visitor.meter.measure():
        browser.get(place)


def autosave(visitor: Visitor) -> None:
    """Save one answer."""
    browser, place = visitor.attempt(visitor.learner())
    document = {"drafts": [answer(visitor.world, next(visitor.seq))]}
    with visitor.meter.measure():
        browser.post_json(f"{place}save/", document)


def submit(visitor: Visitor) -> None:
    """Begin an attempt and save an answer; measured is only its end, with the grading."""
    learner = visitor.learner()
    browser, place = visitor.attempt(learner)
    browser.post_json(f"{place}save/", {"drafts": [answer(visitor.world, next(visitor.seq))]})
    with visitor.meter.measure():
        browser.post(f"{place}finish/", {})
    visitor.attempt_over(learner)


def answer(world: World, seq: int) -> dict[str, Any]:
    """Return an autosave's draft: one choice of the quiz, another one each time."""
    item, options = world.choices[seq % len(world.choices)]
    return {"item": item, "response": [options[seq % len(options)]], "flagged": False, "seq": seq}


def login(visitor: Visitor) -> Ticket:
    """Take the first step of a launch; measured is the whole of it."""
    learner = visitor.learner()
    browser = Browser(visitor.wire, cookies=dict(learner.cookies))
    with visitor.meter.measure():
        return begin_launch(browser, visitor.world.platform, learner)


def arrive(visitor: Visitor, ticket: Ticket, token: str) -> None:
    """Take the second step: the platform's signed message, up to our redirect."""
    browser = Browser(visitor.wire, cookies={**ticket.learner.cookies, **ticket.cookies})
    with visitor.meter.measure():
        finish_launch(browser, ticket, token)
    ticket.learner.cookies.update(browser.cookies)


EMPTY = Case("empty_view", "a view that does nothing, same middleware", anonymous("empty"))
PAGES = [
    Case("empty_session", "the same, having looked who is signed in", learning("session")),
    Case("home_kept", "home page from its copy, nobody signed in", anonymous("home")),
    Case("lesson_kept", "lesson from its copy, nobody signed in", anonymous("lesson")),
    Case("home", "home page made anew, nobody signed in", anonymous("home", "?anew")),
    Case("catalogue", "catalogue made anew, nobody signed in", anonymous("catalogue", "?anew")),
    Case("lesson", "lesson, in a launched session", learning("lesson")),
    Case("quiz", "quiz page, in a launched session", learning("quiz")),
    Case("attempt", "attempt page, in a launched session", attempt_page),
    Case("autosave", "POST of one answer", autosave),
    Case("submit", "POST that ends an attempt; per second: cycles of begin, save, end", submit),
]
