"""Reading settings from the environment, with ``NAME_FILE`` for secrets kept in files."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str | None = None) -> str:
    """Return the text of ``name``, or of the file that ``name_FILE`` names, or ``default``.

    Raises ImproperlyConfigured when there is none of the three.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} (or {name}_FILE) must be set in the environment.")
    return value


def env_list(name: str, default: str | None = None) -> list[str]:
    """Return the comma-separated values of ``name``, stripped, without empty ones."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def env_bool(name: str, default: bool) -> bool:
    """Return ``name`` read as yes (1, true, yes, on) or no."""
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def env_int(name: str, default: int) -> int:
    """Return ``name`` as a whole number. Raises ImproperlyConfigured when it is none, or below 0."""
    text = env(name, str(default)).strip()
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number.")
    return int(text)
