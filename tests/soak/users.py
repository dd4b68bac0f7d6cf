"""250 people use the portal at once: learners come from a platform, readers without an account, staff at their desks.

Each thinks between two steps, so the crowd is of people and not of a benchmark. What is noted: how long each kind
of step took, every answer that was not the expected one, and how much memory the web server's workers hold.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.browser import Browser, Connection
from benchmarks.cases import Clock, Visitor, anonymous, attempt_page, autosave, learning, submit
from benchmarks.load import Run
from benchmarks.world import Place, World
from tests.stack import ROOT

LEARNERS, READERS, STAFF = 160, 80, 10
THINKS = (5.0, 15.0)  # seconds between two steps of a person
SAMPLES = 2.0  # seconds between two looks at the memory
WARM_UP = 0.4  # of the time: caches fill, every thread of the server has served every kind of page
PAGE = 4096 / 2**20  # MB

Go = Callable[[Visitor], None]


def opening(*paths: str, **cookies: str) -> Go:
    """Return a go that opens one of ``paths`` by chance, signed in by ``cookies``."""

    def go(visitor: Visitor) -> None:
        browser = Browser(visitor.wire, cookies=dict(cookies), shown_in="document")
        path = random.choice(paths)
        with visitor.meter.measure():
            browser.get(path)

    return go


LEARN: dict[str, tuple[int, Go]] = {  # how often, of each hundred steps
    "lesson": (30, learning("lesson")),
    "quiz": (8, learning("quiz")),
    "attempt": (12, attempt_page),
    "autosave": (42, autosave),
    "submit": (8, submit),
}
READ: dict[str, tuple[int, Go]] = {
    "home, read": (20, anonymous("home")),
    "lesson, read": (45, anonymous("lesson")),
    "catalogue, read": (15, anonymous("catalogue")),
    "search": (20, opening("/lt/search/?q=paie%C5%A1ka", "/lt/search/?q=saugumas", "/en/search/?q=source")),
}


def staff(cookies: dict[str, str]) -> dict[str, tuple[int, Go]]:
    """Return what an administrator with these cookies does."""
    return {
        "staff home": (30, opening("/admin/", **cookies)),
        "staff pages": (25, opening("/admin/pages/", "/admin/images/", **cookies)),
        "staff deliveries": (20, opening("/admin/deliveries/", **cookies)),
        "people": (25, opening("/lt/people/", "/lt/people/waiting/", **cookies)),
    }


def sign_in(world: World, login: str, password: str) -> dict[str, str]:
    """Sign in by the form and return the cookies."""
    wire = Connection(world.port)
    browser = Browser(wire, shown_in="document")
    browser.take_token(browser.get("/lt/sign-in/"))
    browser.post("/lt/sign-in/", {"login": login, "password": password})
    wire.close()
    return dict(browser.cookies)


@dataclass
class Outcome:
    """What the crowd brought: seconds of each kind of step, errors, and samples of (seconds, MB of all workers)."""

    seconds: float
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    workers: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def steps(self) -> int:
        """How many steps went well."""
        return sum(map(len, self.times.values()))

    @property
    def growth(self) -> float:
        """MB a minute that a worker grew by once it was warm: the slope of the least squares."""
        warm = [row for row in self.memory if row[0] >= WARM_UP * self.seconds]
        middle = sum(at for at, _size in warm) / len(warm)
        level = sum(size for _at, size in warm) / len(warm)
        slope = sum((at - middle) * (size - level) for at, size in warm)
        return 60 * slope / sum((at - middle) ** 2 for at, _size in warm) / self.workers

    def figures(self) -> dict[str, Any]:
        """Return what is written down."""
        kinds = {name: Run(times, self.seconds) for name, times in sorted(self.times.items())}
        return {
            "users": LEARNERS + READERS + STAFF,
            "seconds": self.seconds,
            "steps": self.steps,
            "errors": Counter(self.errors).most_common(20),
            "memory_mb": {
                "workers": self.workers,
                "first": round(self.memory[0][1], 1),
                "last": round(self.memory[-1][1], 1),
                "growth_per_worker_and_minute": round(self.growth, 3),
            },
            "kinds": {
                name: {
                    "steps": len(run.samples),
                    "p50_ms": round(run.quantile(0.5), 1),
                    "p95_ms": round(run.quantile(0.95), 1),
                }
                for name, run in kinds.items()
            },
        }


def workers_of(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def resident(pids: list[int]) -> float:
    """Return the memory in MB that the processes hold."""
    return PAGE * sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)


class Crowd:
    """So many people, each in a thread of their own, for so long."""

    def __init__(self, place: Place, *, administrator: tuple[str, str], seconds: float) -> None:
        self.place = place
        self.world = place.world()
        self.outcome = Outcome(seconds)
        self.administrator = administrator
        self._end = 0.0

    def run(self) -> Outcome:
        """Let everybody in one after the other, and look at the server's memory until the end."""
        if "web" not in self.place.stack.processes:
            self.place.stack.start("web", "worker")
        cookies = sign_in(self.world, *self.administrator)
        ways = [LEARN] * LEARNERS + [READ] * READERS + [staff(cookies)] * STAFF
        began = time.monotonic()
        self._end = began + self.outcome.seconds
        people = [
            threading.Thread(target=self._live, args=[number, way], daemon=True)
            for number, way in enumerate(ways)
        ]
        for person in people:
            person.start()
        pids = workers_of(self.place.stack.processes["web"].pid)
        self.outcome.workers = len(pids)
        while time.monotonic() < self._end:
            self.outcome.memory.append((time.monotonic() - began, resident(pids)))
            time.sleep(SAMPLES)
        for person in people:
            person.join(60)
        if workers_of(self.place.stack.processes["web"].pid) != pids:
            self.outcome.errors.append("a worker of the web server was replaced")
        return self.outcome

    def _live(self, number: int, way: dict[str, tuple[int, Go]]) -> None:
        dice = random.Random(number)
        learner = self.world.learners[number % LEARNERS]
        visitor = Visitor(self.world, Connection(self.world.port), [learner], Clock())
        names, weights = list(way), [often for often, _go in way.values()]
        time.sleep(dice.uniform(0, THINKS[1]))  # not all at the very same moment
        while time.monotonic() < self._end:
            name = dice.choices(names, weights)[0]
            try:
                way[name][1](visitor)
            except Exception as error:  # whatever it is, a person who falls silent is no success
                visitor.attempt_over(learner)
                with self.outcome.lock:
                    self.outcome.errors.append(f"{name}: {type(error).__name__} {str(error)[:200]}")
            else:
                with self.outcome.lock:
                    self.outcome.times[name].append(visitor.meter.reading)
            time.sleep(dice.uniform(*THINKS))
        visitor.wire.close()


def report(figures: dict[str, Any]) -> Path:
    """Print the figures, write them to ``var/soak/users.json``, and return the path."""
    path = ROOT / "var" / "soak" / "users.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\n{figures['users']} users, {figures['seconds']:.0f} s, {figures['steps']} steps")
    for name, row in figures["kinds"].items():
        print(f"{name:<18}{row['steps']:>7}{row['p50_ms']:>9.1f} ms p50{row['p95_ms']:>9.1f} ms p95")
    print(f"memory: {figures['memory_mb']}\nerrors: {figures['errors']}\nwritten to {path}")
    return path
