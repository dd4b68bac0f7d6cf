"""Logs that tell what happened and not to whom: no addresses of people, no keys of mailed links."""

from __future__ import annotations

import logging
import os
import re
from contextvars import ContextVar
from typing import Any

from gunicorn.glogging import Logger
from pythonjsonlogger.json import JsonFormatter

KEY = re.compile(
    r"(/sign-up/confirm/|/password/new/|/letters/stop/|/verify/|/lti/register/)(?!\w+-set-password)[^/\s?\"']+"
)
QUERY = re.compile(r"(https?://[^\s\"'<>?]+|(?<![\w/.-])/[^\s\"'<>?]+)\?[^\s\"'<>]+")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
SIGNED = re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*")  # a signed token of an LTI message or a sign-in

support_code: ContextVar[str] = ContextVar("support_code", default="")


def without_people(text: str) -> str:
    """Return ``text`` without keys of mailed links, query strings, e-mail addresses and signed tokens."""
    text = KEY.sub(r"\1[masked]", text)
    text = QUERY.sub(r"\1?[masked]", text)
    text = SIGNED.sub("[token]", text)
    return ADDRESS.sub("[address]", text)


def on_one_line(text: str) -> str:
    """Return ``text`` with what would begin a new line, or steer a terminal, written out."""
    return CONTROL.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


class Line(logging.Formatter):
    """A line to read; a traceback follows it, indented, so that nothing in it passes for a line. Masked."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (Python's name)
        """Return the line before the traceback: one, whatever somebody wrote into an address."""
        return on_one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 (Python's name)
        """Return the traceback, indented; an error's own text may hold lines."""
        return "\n".join(f"    {on_one_line(line)}" for line in super().formatException(ei).splitlines())

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the code that stands on the visitor's error page."""
        code = support_code.get()
        return without_people(super().format(record)) + (f" [{code}]" if code else "")


class Structured(JsonFormatter):
    """A line that is one JSON object: time (UTC), level, logger, message, code, and what was added. Masked."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: Any) -> None:
        """Add the code that stands on the visitor's error page; leave a request with its person out."""
        super().add_fields(log_data, record, message_dict)
        for name in ("request", "taskName", "sinfo"):
            log_data.pop(name, None)
        if code := support_code.get():
            log_data["code"] = code

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        return without_people(super().format(record))


class AccessLog(Logger):
    """Gunicorn's log of requests, masked."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what a line is made of, masked."""
        atoms = super().atoms(*args, **kwargs)
        return {
            name: without_people(value) if isinstance(value, str) else value for name, value in atoms.items()
        }


class StructuredLog(AccessLog):
    """Gunicorn's own words in the form of ours."""

    def setup(self, cfg: Any) -> None:
        """Give its handlers our formatter, unless somebody wants lines to read."""
        super().setup(cfg)
        if os.environ.get("KELRODIS_LOG_FORMAT", "json") == "json":
            for handler in self.error_log.handlers:
                handler.setFormatter(Structured())
