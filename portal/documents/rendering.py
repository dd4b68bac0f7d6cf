"""Turning a template into a PDF: accessible, with its fonts, and the same bytes every time."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

HTML_AT_MOST = 200_000  # bytes
SECONDS_AT_MOST = 30.0
JOBS_PER_PRESS = 200
ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
)


class RenderingFailed(Exception):
    """The document could not be made; the message says why, in English, for the log and for staff."""


class DocumentTooLarge(RenderingFailed):
    """The HTML is larger than a document of ours ever is."""


class RenderingTookTooLong(RenderingFailed):
    """The layout did not end in time and was stopped."""


class Press:
    """The press as seen from here: started when first needed, replaced when worn, stuck or inherited.

    One job at a time. It is a process of its own, so a layout that never ends can be stopped, one
    that crashes takes nothing along, and a web process never loads the layout engine.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection[bytes, bytes] | None = None
        self._owner = 0
        self._jobs = 0

    def print(self, job: dict[str, Any], *, seconds: float) -> bytes:
        """Return the PDF of ``job``. Raises RenderingFailed or RenderingTookTooLong."""
        with self._lock:
            line = self._ready()
            try:
                line.send_bytes(json.dumps(job).encode())
                if not line.poll(seconds):
                    self.stop()
                    raise RenderingTookTooLong(f"No page after {seconds:g} seconds.")
                answer = line.recv_bytes()
            except (EOFError, OSError) as error:
                self.stop()
                raise RenderingFailed("The press stopped while it worked.") from error
        if answer[:1] != b"+":
            raise RenderingFailed(answer[1:].decode(errors="replace"))
        return answer[1:]

    def _ready(self) -> Connection[bytes, bytes]:
        """Return the line to a running press of this very process."""
        if self._owner != os.getpid():  # after a fork the parent's press is the parent's
            self._process = self._line = None
        worn = self._jobs >= JOBS_PER_PRESS or (
            self._process is not None and self._process.poll() is not None
        )
        if worn:
            self.stop()
        self._jobs += 1
        return self._line or self._start()

    def _start(self) -> Connection[bytes, bytes]:
        ours, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 (our own module, no input in the command)
            [sys.executable, "-m", "portal.documents.press", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        theirs.close()
        self._line, self._owner, self._jobs = Connection(ours.detach()), os.getpid(), 1
        return self._line

    def stop(self) -> None:
        """Stop the press, if this process has one."""
        process, line = self._process, self._line
        self._process = self._line = None
        if line is not None:
            line.close()
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()


press = Press()
atexit.register(press.stop)


def render_pdf(
    *,
    template: str,
    context: dict[str, Any],
    language: str,
    title: str,
    created: datetime,
    seconds: float = SECONDS_AT_MOST,
) -> bytes:
    """Return ``template`` as a tagged PDF/UA-1 (ISO 14289-1) in ``language``, dated ``created``.

    The template is given ``language`` and ``title`` beside ``context``. Rendering again gives the
    same bytes. Raises DocumentTooLarge, RenderingTookTooLong, or RenderingFailed for whatever else
    the layout could not do.
    """
    with translation.override(language):
        html = render_to_string(template, {**context, "language": language, "title": title})
    if len(html.encode()) > HTML_AT_MOST:
        raise DocumentTooLarge(f"{template} became more than {HTML_AT_MOST} bytes of HTML.")
    moment = created.astimezone(UTC)
    job = {
        "html": html,
        "title": title,
        "language": language,
        "created": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "epoch": int(moment.timestamp()),
    }
    return press.print(job, seconds=seconds)
