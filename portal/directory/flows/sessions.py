"""Ending sessions."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from portal.directory.models import User


def of(*, user: User) -> list[Session]:
    """Return the person's sessions. Whose a session is stands inside it, so all are looked through."""
    return [row for row in Session.objects.iterator() if row.get_decoded().get(SESSION_KEY) == str(user.pk)]


def end_all(*, user: User) -> int:
    """End every session of the person; return how many there were."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    mine = of(user=user)
    for row in mine:
        store(row.session_key).delete()
    return len(mine)
