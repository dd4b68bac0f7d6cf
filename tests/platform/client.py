"""For tests: start, stop and kill the platform as a process, and talk to its control API.

with PlatformProcess(tool="http://localhost:8000", state=tmp_path) as platform:
    activity = platform.post("/api/activities", title="Quiz", graded=True)
    fields = platform.login_request(person="ona", activity=activity["id"])
"""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
ACTION = re.compile(r'<form id="onward" action="([^"]*)"')


class PlatformProcess:
    """One platform. `PLATFORM_PYTHON` names another interpreter when this one lacks Flask."""

    def __init__(
        self, tool: str, state: Path, seed: str = "demo", moodle: bool = True, port: int = 0
    ) -> None:
        self.tool = tool
        self.state = state
        self.port = port
        self._options = ["--seed", seed, "--moodle" if moodle else "--no-moodle"]
        self._process: subprocess.Popen[str] | None = None
        self.http = requests.Session()
        self.http.trust_env = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """The platform's root and issuer."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it serves; a second start takes the same port and state."""
        python = os.environ.get("PLATFORM_PYTHON", sys.executable)
        place = ["--port", str(self.port), "--tool", self.tool, "--state", str(self.state)]
        self._process = subprocess.Popen(
            [python, "-m", "tests.platform", *place, *self._options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.startswith("platform ready "):
            raise RuntimeError(f"the platform did not start: {line!r}")
        self.port = int(line.split()[2].rsplit(":", 1)[1])

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it (SIGKILL for a crash) and wait."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(timeout=10)
            if self._process.stdout:
                self._process.stdout.close()
            self._process = None

    def get(self, path: str, **params: Any) -> Any:
        """GET on the control API; returns the JSON."""
        answer = self.http.get(self.url + path, params=params, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, **data: Any) -> Any:
        """POST on the control API; returns the JSON."""
        answer = self.http.post(self.url + path, json=data, timeout=30)
        if answer.status_code >= 400:
            raise ValueError(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()

    def calls(self, after: int = 0, service: str = "%") -> list[dict[str, Any]]:
        """The call log."""
        found: list[dict[str, Any]] = self.get("/api/log", after=after, service=service)["calls"]
        return found

    def effects(self, after: int = 0) -> list[dict[str, Any]]:
        """The scores that were applied."""
        found: list[dict[str, Any]] = self.get("/api/effects", after=after)["effects"]
        return found

    def login_request(self, person: Any, activity: Any, **more: Any) -> dict[str, str]:
        """The parameters of a fresh login initiation, as the browser would send them to the tool."""
        made = self.get("/api/launch_url", person=person, activity=activity, **more)
        params: dict[str, str] = made["params"]
        return params

    def authenticate(self, url: str, params: dict[str, str] | None = None) -> requests.Response:
        """Follow the tool's redirect to our authentication endpoint."""
        return self.http.get(url, params=params, timeout=30)

    def token(self, nonce: str, state: str, person: Any, activity: Any, **wishes: Any) -> dict[str, Any]:
        """A signed id_token, honest or forged as the wishes say, with its state."""
        data = {"nonce": nonce, "state": state, "person": person, "activity": activity, **wishes}
        made: dict[str, Any] = self.post("/api/launch", **data)
        return made


def form_of(page: str) -> tuple[str, dict[str, str]]:
    """The action and the hidden fields of one of the platform's self-posting pages."""
    action = ACTION.search(page)
    if action is None:
        raise ValueError(f"no self-posting form in {page[:200]!r}")
    fields = {html.unescape(name): html.unescape(value) for name, value in HIDDEN.findall(page)}
    return html.unescape(action[1]), fields
