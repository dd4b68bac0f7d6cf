"""Ending sessions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from portal.directory.models import User


def of(*, user: User) -> list[Session]:
    """Return the person's sessions. Whose a session is stands inside it, so all are looked through."""
    return [row for row in Session.objects.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]


def end_those(*, user: User, which: Callable[[dict[str, Any]], bool]) -> int:
    """End those of the person's sessions that ``which`` picks by what is in them; return how many there were."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    picked = [row for row in of(user=user) if which(row.get_decoded())]
    for row in picked:
        store(row.session_key).delete()
    return len(picked)


def end_all(*, user: User) -> int:
    """End every session of the person; return how many there were."""
    return end_those(user=user, which=lambda _held: True)
