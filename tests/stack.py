"""The portal as it really runs, for tests: web server, worker and clock as processes of their own.

with Stack(var=tmp_path, like=demo_var) as stack:
    stack.start("web", "worker")
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
DATABASE = "kelrodis.sqlite3"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """One portal with its own ``var`` and port; every process can be killed and started again.

    ``like`` is the ``var`` of a portal that is at rest: this one begins with a copy of all it has.
    """

    def __init__(
        self,
        var: Path,
        port: int = 0,
        settings: str = "portal.settings.dev",
        like: Path | None = None,
        **more: str,
    ) -> None:
        self.var = var
        self.like = like
        self.folder, self.python = ROOT, PYTHON
        self.port = port or free_port()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KELRODIS_")},
            "DJANGO_SETTINGS_MODULE": settings,
            "KELRODIS_VAR": str(var),
            "HOST": "localhost",
            "PORT": str(self.port),
            **more,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.told: list[dict[str, str]] = []
        (var / "log").mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        if self.like is None:
            self.manage("migrate", "--verbosity", "0")
        else:
            shutil.copytree(
                self.like, self.var, dirs_exist_ok=True, ignore=shutil.ignore_patterns("log", "cache")
            )
            self._answer_here()
        return self

    def _answer_here(self) -> None:
        """Let the site of a copied database be this one."""
        with closing(sqlite3.connect(self.var / DATABASE)) as database, database:
            database.execute("UPDATE wagtailcore_site SET port = ?", [self.port])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self.processes):
            self.stop(name)

    @property
    def url(self) -> str:
        """The portal's address."""
        return f"http://localhost:{self.port}"

    def commands(self) -> dict[str, list[str]]:
        """Return the command line of each process."""
        celery = [self.python, "-m", "celery", "-A", "portal.celery"]
        return {
            "web": [
                self.python,
                "-m",
                "gunicorn",
                "portal.wsgi:application",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "4",
                "--log-level",
                "warning",
            ],
            "worker": [*celery, "worker", "--concurrency", "2", "-l", "INFO"],
            "beat": [*celery, "beat", "-l", "WARNING", "--schedule", str(self.var / "beat-schedule")],
        }

    def start(self, *names: str) -> None:
        """Start the named processes; a web server is waited for."""
        for name in names:
            log = (self.var / "log" / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                self.commands()[name],
                cwd=self.folder,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            log.close()
        if "web" in names:
            self.wait_for(
                lambda: requests.get(f"{self.url}/lt/sign-in/", timeout=5).status_code == 200, "web server"
            )

    def stop(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """End a process and its children (SIGKILL: at once, as a crash would)."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        try:
            if how != signal.SIGKILL:  # Celery ends its own children when it is asked to stop
                process.send_signal(how)
                process.wait(timeout=10)
            os.killpg(process.pid, signal.SIGKILL)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait(timeout=10)

    def manage(self, *args: str) -> str:
        """Run a management command and return what it prints. Raises RuntimeError when it fails."""
        done = subprocess.run(
            [self.python, "manage.py", *args],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout

    def activities(self, kind: str, language: str = "lt", *, anew: bool = False) -> list[dict[str, str]]:
        """Return the published activities of a kind, in outline order of publication.

        They are asked for once, which takes seconds; ``anew``: again, for something was published since.
        """
        if anew or not self.told:
            self.told = json.loads(self.manage("activities", "--json"))
        rows = self.told
        return [row for row in rows if row["kind"] == kind and row["language"] == language]

    def connect(self, platform: Any) -> None:
        """Register a trial platform (``tests.platform.client.PlatformProcess``)."""
        state = platform.get("/api/state")["registration"]
        self.manage(
            "lti_platform",
            "add",
            "--name",
            "Bandomoji platforma",
            "--issuer",
            state["issuer"],
            "--client-id",
            state["client_id"],
            "--auth-url",
            state["auth_url"],
            "--token-url",
            state["token_url"],
            "--keyset-url",
            state["keyset_url"],
            "--deployment-id",
            state["deployment_id"],
            "--allow-private-network",
        )

    @staticmethod
    def wait_for(condition: Any, what: str, seconds: float = 30) -> None:
        """Wait until ``condition()`` is true. Raises TimeoutError naming ``what``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if condition():
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            time.sleep(0.1)
        raise TimeoutError(f"waited {seconds} s for {what}")
