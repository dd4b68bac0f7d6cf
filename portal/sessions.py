"""Sessions in the database; one with nobody in it lives an hour, not weeks.

A page with a form writes one for every visitor without a cookie: the token against forged requests stands there, as a
cookie of its own would not reach a form inside another site's frame. So robots that keep no cookies would fill the
table. Whoever signs in, or comes by a launch, has the time of the settings from then on.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

WITH_NOBODY = 60 * 60  # seconds; long enough for a form, a letter and the way to a provider and back


class SessionStore(DatabaseStore):
    """Django's, with a short life for those who have not signed in."""

    def get_session_cookie_age(self) -> int:
        """Return how long the session lives from now, in seconds."""
        held: dict[str, Any] = self._get_session()  # type: ignore[attr-defined]
        age: int = super().get_session_cookie_age()
        return age if SESSION_KEY in held else min(age, WITH_NOBODY)
