"""What is measured in: the portal with its demo, the trial platform, and people who have come from it."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.platform.client import PlatformProcess
from tests.stack import PYTHON, ROOT, Stack

SETTINGS = "benchmarks.settings"


@dataclass
class Learner:
    """A student of the platform who has been launched here; ``cookies`` hold their session."""

    subject: str
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class Platform:
    """The trial platform as a tool knows it, its signing key (a file), and an honest message for each link."""

    issuer: str
    client_id: str
    deployment_id: str
    target: str
    key: str
    claims: list[dict[str, Any]]


@dataclass
class World:
    """Addresses and people. ``choices`` are the quiz's choice items with the ids of their options."""

    port: int
    platform: Platform
    quiz_uuid: str
    lesson: str
    quiz: str
    learners: list[Learner]
    catalogue: str = "/lt/"
    choices: list[tuple[str, list[str]]] = field(default_factory=list)
    home: str = "/lt/"
    empty: str = "/bench/empty/"
    session: str = "/bench/session/"

    def save(self, path: Path) -> None:
        """Write it down for a process of the portal's own."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what ``save`` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))
        data["platform"] = Platform(**data["platform"])
        data["learners"] = [Learner(**row) for row in data["learners"]]
        data["choices"] = [(item, list(options)) for item, options in data["choices"]]
        return cls(**data)


class BenchStack(Stack):
    """The portal's processes, with a second worker to kill while the first one works."""

    def commands(self) -> dict[str, list[str]]:
        """Return the command line of each process."""
        found = super().commands()
        return {**found, "worker2": [*found["worker"], "-n", "second@%h"]}

    def revive(self) -> list[str]:
        """Start what has ended by itself, as the supervisor of `make run` does; return the names."""
        dead = [name for name, process in self.processes.items() if process.poll() is not None]
        self.start(*dead)
        return dead

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self.processes):  # nothing here is worth an orderly end
            self.stop(name, signal.SIGKILL)

    def script(self, module: str, *arguments: str) -> subprocess.Popen[str]:
        """Start one of our scripts in the portal's environment."""
        return subprocess.Popen(
            [PYTHON, "-m", module, *arguments], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True
        )

    def run(self, module: str, *arguments: str, seconds: float = 300) -> str:
        """Run one of our scripts to its end and return what it prints. Raises RuntimeError when it fails."""
        process = self.script(module, *arguments)
        try:
            printed, _errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        if process.returncode:
            raise RuntimeError(f"{module} failed: {printed}")
        return printed


class Place:
    """Portal and platform, connected, in a folder of their own; with ``people`` launched learners.

    The last ``ours`` of the ``links`` have no column on the platform: the portal's workers are to make it.
    ``like`` is the ``var`` of a portal with the demo, to begin with its copy.
    """

    def __init__(
        self, folder: Path, *, people: int, links: int = 1, ours: int = 0, like: Path | None = None
    ) -> None:
        self.folder = folder
        self.people = people
        self.links = links
        self.ours = ours
        self.activities: list[int] = []
        self.stack = BenchStack(folder / "portal", settings=SETTINGS, like=like)
        self.trial = PlatformProcess(tool=self.stack.url, state=folder / "platform")

    def __enter__(self) -> Self:
        (self.stack.var / "static").mkdir(parents=True, exist_ok=True)
        self.stack.__enter__()
        if self.stack.like is None:
            self.stack.manage("demo")
        self.trial.start()
        self.stack.connect(self.trial)
        self._people_and_links()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stack.__exit__(kind, error, trace)
        self.trial.stop()

    @property
    def world_file(self) -> Path:
        """Where the world is written down."""
        return self.folder / "world.json"

    def _people_and_links(self) -> None:
        """Enrol the people, hang the quiz into the platform, and let everybody come in once by every link."""
        quiz = self.stack.activities("quiz")[0]
        lesson = self.stack.activities("lesson")[0]
        made = self.trial.post("/api/people", count=self.people, prefix="bench")
        registration = self.trial.get("/api/state")["registration"]
        claims = [self._honest_claims(made["ids"][0], quiz, number) for number in range(self.links)]
        key = max((self.folder / "platform" / "keys").glob("*.pem"), key=lambda path: path.stat().st_mtime)
        world = World(
            port=self.stack.port,
            platform=Platform(
                issuer=registration["issuer"],
                client_id=registration["client_id"],
                deployment_id=registration["deployment_id"],
                target=f"{self.stack.url}/lti/launch/",
                key=str(key),
                claims=claims,
            ),
            quiz_uuid=quiz["uuid"],
            quiz=quiz["url"].removeprefix(self.stack.url),
            lesson=lesson["url"].removeprefix(self.stack.url),
            learners=[Learner(str(subject)) for subject in made["ids"]],
        )
        world.save(self.world_file)
        self.run_script("benchmarks.prepare")

    def _honest_claims(self, person: int, quiz: dict[str, str], number: int) -> dict[str, Any]:
        activity = self.trial.post(
            "/api/activities",
            title=f"{quiz['title']} {number + 1}",
            graded=number < self.links - self.ours,
            score_maximum=100,
            custom={"activity": quiz["uuid"]},
        )
        self.activities.append(activity["id"])
        claims: dict[str, Any] = self.trial.token("nonce", "state", person, activity["id"])["claims"]
        return claims

    def columns(self) -> list[int]:
        """Return the columns of the links, by the platform's own records."""
        rows = self.trial.get("/api/state")["lineitems"]
        return [row["id"] for row in rows if row["activity"] in self.activities]

    def run_script(self, module: str, *arguments: str) -> str:
        """Run one of our scripts in the portal's environment, on the world; return what it prints."""
        return self.stack.run(module, str(self.world_file), *arguments)

    def world(self) -> World:
        """Return the world as it stands now."""
        return World.load(self.world_file)
