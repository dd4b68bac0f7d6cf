"""Sessions in the database; one with nobody in it lives an hour, not weeks.

A page with a form writes one for every visitor without a cookie: the token against forged requests stands there, as a
cookie of its own would not reach a form inside another site's frame. So robots that keep no cookies would fill the
table. Whoever signs in, or comes by a launch, has the time of the settings from then on.

A new key costs one statement, not five: the row is given it when the session is saved.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import router
from django.utils.crypto import get_random_string

KEY_LENGTH = 32  # of 36 characters: 165 bits

WITH_NOBODY = 60 * 60  # seconds; long enough for a form, a letter and the way to a provider and back


class SessionStore(DatabaseStore):
    """Django's, with a short life for those who have not signed in, and a short way to a new key."""

    _before: str | None = None  # the key of the row that is to have a new one

    def get_session_cookie_age(self) -> int:
        """Return how long the session lives from now, in seconds."""
        held: dict[str, Any] = self._get_session()  # type: ignore[attr-defined]
        age: int = super().get_session_cookie_age()
        return age if SESSION_KEY in held else min(age, WITH_NOBODY)

    def cycle_key(self) -> None:
        """Take a new key, which the session has once it is saved; the one before opens nothing from then on.

        Until then there is none. Unlike Django's, nothing is written here, nor when the request ends in an error.
        """
        self._get_session()  # type: ignore[attr-defined]  # read while the key still says which
        self._before = self.session_key or self._before
        self._session_key = None
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the session: one UPDATE where it takes a new key, so that of the two keys always exactly one works."""
        if self._before is None or must_create or self.session_key is not None:
            super().save(must_create)
            return
        before, self._before = self._before, None
        rows = self.model.objects.using(router.db_for_write(self.model)).filter(session_key=before)
        key = self._get_new_session_key()
        data = self.encode(self._get_session())  # type: ignore[attr-defined]
        if rows.update(session_key=key, session_data=data, expire_date=self.get_expiry_date()):
            self._session_key = key
        else:  # it ended meanwhile, as when two launches begin at once
            self.create()

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row of ``session_key``, or this session's; one statement."""
        keys = {session_key} if session_key else {self.session_key, self._before}
        if session_key is None:
            self._before = None
        if keys := keys - {None}:
            rows = self.model.objects.using(router.db_for_write(self.model))
            rows.filter(session_key__in=keys).delete()

    def _get_new_session_key(self) -> str:
        """Return a key, without asking whether it is taken: no row is ever overwritten, there would be an error."""
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
