"""Answers that keep coming while the web server is killed: what was acknowledged must be there afterwards."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.browser import Browser, Connection, Unexpected
from benchmarks.cases import Clock, Visitor
from benchmarks.world import Place

AT_ONCE = 8
PATIENCE = 60.0  # seconds a page goes on trying to save, as the quiz's script does

Kept = dict[tuple[str, str], tuple[int, list[str]]]  # (attempt, item) → (seq, response)


@dataclass
class Tally:
    """What happened: saves acknowledged, tries without an answer, answers that were errors."""

    acknowledged: int = 0
    unanswered: int = 0
    errors: list[str] = field(default_factory=list)
    kept: Kept = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Answering:
    """Learners save answers, some at once; every save is tried until it is acknowledged."""

    def __init__(self, place: Place, *, learners: int, answers: int, kills: int) -> None:
        self.place = place
        self.world = place.world()
        self.learners = self.world.learners[:learners]
        self.answers = answers
        self.kills = kills
        self.tally = Tally()
        self.killed = 0
        self._begun = threading.Barrier(AT_ONCE)

    def run(self, *, seconds: float) -> Tally:
        """Answer and kill, at most so long. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        if "web" not in self.place.stack.processes:
            self.place.stack.start("web")
        threads = [
            threading.Thread(target=self._answer, args=[number, deadline], daemon=True)
            for number in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        # The last kill may come after the last answer: what was acknowledged must be there then, too.
        while any(thread.is_alive() for thread in threads) or self.killed < self.kills:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.tally.acknowledged} answers in {seconds} s, {self.killed} kills")
            step = (self.killed + 1) * len(self.learners) * self.answers / (self.kills + 1)
            if self.killed < self.kills and self.tally.acknowledged >= step:
                self.place.stack.stop("web", signal.SIGKILL)
                self.killed += 1
                self.place.stack.start("web")
            time.sleep(0.02)
        return self.tally

    def _answer(self, number: int, deadline: float) -> None:
        """Answer for every eighth learner, one answer of each in turn."""
        dice = random.Random(number)
        wire = Connection(self.place.stack.port)
        visitor = Visitor(self.world, wire, self.learners, Clock())
        attempts = [visitor.attempt(learner) for learner in self.learners[number::AT_ONCE]]
        self._begun.wait(120)  # beginning an attempt is not tried again, so nobody is killed before
        for seq in range(1, self.answers + 1):
            for browser, place in attempts:
                item, options = dice.choice(self.world.choices)
                draft = {"item": item, "response": [dice.choice(options)], "flagged": False, "seq": seq}
                self._save(browser, place, draft, deadline)
        wire.close()

    def _save(self, browser: Browser, place: str, draft: dict, deadline: float) -> None:
        end = min(deadline, time.monotonic() + PATIENCE)
        while time.monotonic() < end:
            try:
                reply = browser.post_json(f"{place}save/", {"drafts": [draft]})
            except OSError:
                with self.tally.lock:
                    self.tally.unanswered += 1
                time.sleep(0.1)
                continue
            except Unexpected as error:
                with self.tally.lock:
                    self.tally.errors.append(str(error))
                return
            assert json.loads(reply.body)["items"][0]["seq"] == draft["seq"]
            with self.tally.lock:
                self.tally.acknowledged += 1
                self.tally.kept[(place.rstrip("/").rpartition("/")[2], draft["item"])] = (
                    draft["seq"],
                    draft["response"],
                )
            return
        with self.tally.lock:
            self.tally.errors.append(f"not saved in {PATIENCE} s")


def lost(place: Place, kept: Kept) -> list[tuple[str, str]]:
    """Return the answers that were acknowledged and are not in the database as they were."""
    database = sqlite3.connect(f"file:{place.stack.var / 'kelrodis.sqlite3'}?mode=ro", uri=True, timeout=10)
    rows = database.execute(
        "SELECT a.uuid, w.item_id, w.seq, w.response"
        " FROM courses_answer w JOIN courses_attempt a ON a.id = w.attempt_id"
    ).fetchall()
    database.close()
    stored = {(str(UUID(uuid)), item): (seq, json.loads(response)) for uuid, item, seq, response in rows}
    return [key for key, value in kept.items() if stored.get(key) != value]
