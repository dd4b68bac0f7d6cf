"""Fixtures: named people, a published course, a fresh cache."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.factories.courses import Course, make_course
from tests.factories.people import UserFactory


@pytest.fixture(autouse=True)
def fresh_cache():
    """Start every test with an empty cache."""
    cache.clear()


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
