"""No request by anybody to any address ends in an unexpected error, changes what it only reads, or ends a session.

`make test` asks a fixed set of requests; `make soak` goes on by chance (KELRODIS_FUZZ says how many, 20,000).
"""

# ruff: noqa: F811  (the fixture is another module's)
from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.security.any_request import SAFE, Asked, Sender, every_address, requests_spoilt, requests_to
from tests.security.test_every_address import world  # noqa: F401  a fixture

OURS = [address for address in every_address() if address.ours]
OTHERS = [address for address in every_address() if not address.ours]

# What Wagtail and others answer with an error of their own: (where it is raised, what, why we leave it so).
THEIRS: list[tuple[str, str, str]] = [
    (
        "wagtail/admin/views/generic/chooser.py",
        "ValueError",
        "a chooser is asked for a key that is no number",
    ),
    (
        "wagtail/admin/views/generic/chooser.py",
        "AttributeError",
        "a chooser that makes nothing is sent something to make",
    ),
    (
        "wagtail/admin/views/home.py",
        "Exception",
        "a page for administrators whose purpose is to raise it",
    ),
]

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
WRITTEN_BY_READING = {
    "django_session": "a session holds the CSRF token and who is to come back after signing in",
    "wagtailusers_userprofile": "Wagtail notes somebody's preferences when they are first looked at",
}
READING_CHANGES = {
    "keeping:download": "who took the data of a person out is in the audit log",
    "lti:login": "a learning platform begins a launch by GET as well: the launch is written down",
    "lti:register": "a learning platform opens its invitation by GET: the attempt is written down",
}
ENDS_THE_SESSION = {"account_logout", "wagtailadmin_logout", "keeping:erase"}

QUICK = settings(
    deadline=None,
    database=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
LONG = settings(QUICK, derandomize=False, max_examples=int(os.environ.get("KELRODIS_FUZZ", "20000")))


@contextmanager
def written():
    """Yield a list that gets every statement that changes the database, but for what reading may write."""
    found: list[str] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES) and not any(table in sql for table in WRITTEN_BY_READING):
            found.append(f"{sql[:200]} {str(params)[:200]}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def is_theirs(error: BaseException) -> bool:
    """Whether the error is one of those we know of and leave to those who made it."""
    frame = traceback.extract_tb(error.__traceback__)
    return any(
        kind == type(error).__name__ and any(place in row.filename for row in frame)
        for place, kind, _why in THEIRS
    )


def still_signed_in(browser: Any, session_key: str) -> bool:
    """Whether the browser's session is that person's still."""
    morsel = browser.cookies.get("sessionid")
    key = morsel.value if morsel is not None and morsel.value else ""
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    return bool(key) and user.is_authenticated


def check(world: Any, sender: Sender, asked: Asked) -> None:
    """Send what was drawn and look at what must hold of every answer."""
    cache.clear()  # the limits on guessing have tests of their own
    mark = transaction.savepoint()
    try:
        with written() as changes:
            browser, response = sender.send(asked)
        error = response.exc_info[1] if getattr(response, "exc_info", None) else None
        if error is not None and is_theirs(error):
            return
        if error is not None:
            raise error
        assert response.status_code < 500, (response.status_code, response.content[:300])
        _ = b"".join(response) if response.streaming else response.content
        if asked.method in SAFE and asked.address.ours and asked.address.name not in READING_CHANGES:
            assert changes == []
        if asked.address.name not in ENDS_THE_SESSION:
            assert_sessions(world, browser, asked)
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(mark)


def assert_sessions(world: Any, browser: Any, asked: Asked) -> None:
    """Whoever was signed in is so still: the person who asked (their key may be another), and all others."""
    others = {key for name, key in world.sessions.items() if name != asked.person}
    assert Session.objects.filter(session_key__in=others).count() == len(others)
    if asked.person != "anonymous":
        assert still_signed_in(browser, world.sessions[asked.person])


@pytest.fixture(scope="module")
def sender(world):
    return Sender(world)


@pytest.mark.django_db
@settings(QUICK, max_examples=600)
@given(asked=st.one_of(requests_spoilt(), requests_to(OURS)))
def test_no_request_to_us_ends_in_an_error(world, sender, asked):
    check(world, sender, asked)


@pytest.mark.django_db
@settings(QUICK, max_examples=200)
@given(asked=requests_to(OTHERS))
def test_no_request_to_wagtails_screens_ends_in_an_error(world, sender, asked):
    check(world, sender, asked)


@pytest.mark.soak
@pytest.mark.django_db
@settings(LONG)
@given(asked=st.one_of(requests_spoilt(), requests_to(OURS), requests_to(OTHERS)))
def test_no_request_by_chance_ends_in_an_error(world, sender, asked):
    check(world, sender, asked)
