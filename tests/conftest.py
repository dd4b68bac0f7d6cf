"""Fixtures: named people, a published course, a fresh cache."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils.translation import activate

from tests.factories.courses import Course, make_course
from tests.factories.people import UserFactory
from tests.stack import DATABASE, Stack

# Playwright keeps an event loop running in the thread of the tests; they use no async code of their own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


made_by_migrations: list[str] = []  # not on the connection: a test may put another in its place


def pytest_collection_modifyitems(items):
    """Begin with the slow ones, which start processes of their own: at the end both workers have something to do."""
    items.sort(key=lambda item: item.get_closest_marker("services") is None)


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """On SQLite begin with a copy of what the migrations have made for all processes of the run."""
    if connection.vendor != "sqlite":
        yield False
        return
    copy = Path(connection.settings_dict["TEST"]["NAME"])
    copy.unlink(missing_ok=True)
    shutil.copy(request.getfixturevalue("empty_var") / DATABASE, copy)
    yield True
    copy.unlink()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Remember what migrations made: root page, languages, collections, permissions.

    Types of content come first: saving some of the others asks for their type, and would make it anew.
    """
    with django_db_blocker.unblock():
        rows = json.loads(connection.creation.serialize_db_to_string())
    rows.sort(key=lambda row: row["model"] != "contenttypes.contenttype")
    made_by_migrations[:] = [json.dumps(rows)]


def _empty_and_refill(case):
    """Empty the tables, as Django does after a test with transactions of its own, and refill them.

    Otherwise the next test of the process finds nothing of what migrations made.
    """
    case.serialized_rollback = True  # or emptying would make other permissions in their place
    connection._test_serialized_contents = made_by_migrations[0]
    _empty_the_tables(case)
    connection.creation.deserialize_db_from_string(made_by_migrations[0])


_empty_the_tables = TransactionTestCase._fixture_teardown
TransactionTestCase._fixture_teardown = _empty_and_refill


@pytest.fixture(autouse=True)
def fresh_cache():
    """Start every test with an empty cache, in Lithuanian."""
    cache.clear()
    activate("lt")


@pytest.fixture
def course(db) -> Course:
    """A published course in both languages."""
    return make_course()


@pytest.fixture
def austeja(db):
    """Austėja, a student with an account."""
    return UserFactory(first_name="Austėja", last_name="Žvirblytė")


@pytest.fixture
def benas(db):
    """Benas, another student."""
    return UserFactory(first_name="Benas", last_name="Šalčius")


@pytest.fixture
def as_austeja(client, austeja):
    """A browser in which Austėja is signed in."""
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    return client


def _made_once(tmp_path_factory, name, *commands, like=None) -> Path:
    """Return the ``var`` of a portal at rest after ``commands``, made once for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    var, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            with Stack(var, like=like) as portal:
                for command in commands:
                    portal.manage(command)
            done.touch()
    return var


@pytest.fixture(scope="session")
def empty_var(tmp_path_factory) -> Path:
    """The ``var`` of a portal with nothing in it; stacks begin as its copies."""
    return _made_once(tmp_path_factory, "empty")


@pytest.fixture(scope="session")
def demo_var(tmp_path_factory, empty_var) -> Path:
    """The ``var`` of a portal with the demo; stacks begin as its copies."""
    return _made_once(tmp_path_factory, "demo", "demo", like=empty_var)


@pytest.fixture(scope="session")
def chromium():
    """One browser process; tests open contexts of their own."""
    if not shutil.which("chromium"):
        pytest.skip("missing: Debian's chromium")
    sync_api = pytest.importorskip("playwright.sync_api", reason="missing: playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Open a page in a context of its own: ``open_page(width=320, scheme="dark", language="en")``."""
    contexts = []

    def opener(width=1280, scheme="light", language="lt", javascript=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 640},
            color_scheme=scheme,
            locale={"lt": "lt-LT", "en": "en-GB"}[language],
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield opener
    for context in contexts:
        context.close()
