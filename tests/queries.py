"""Counting what a request asks of the database."""

from __future__ import annotations

from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted():
    """Yield a list that afterwards holds the statements sent, without those that frame transactions."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements += [row["sql"] for row in captured if not row["sql"].startswith(FRAME)]
