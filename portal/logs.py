"""Keeping out of our logs what a link in a letter opens."""

from __future__ import annotations

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

KEY = re.compile(r"(/sign-up/confirm/|/password/new/|/letters/stop/)(?!set-password)[^/\s?\"']+")


def without_keys(text: str) -> str:
    """Return ``text`` with the keys of mailed links left out."""
    return KEY.sub(r"\1[masked]", text)


class WithoutKeys(logging.Filter):
    """Leaves keys out of what is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything through, masked."""
        message = record.getMessage()
        if KEY.search(message):
            record.msg, record.args = without_keys(message), ()
        return True


class AccessLog(Logger):
    """Gunicorn's log of requests, without keys."""

    def atoms(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what a line is made of, masked."""
        atoms = super().atoms(*args, **kwargs)
        return {
            name: without_keys(value) if isinstance(value, str) else value for name, value in atoms.items()
        }
