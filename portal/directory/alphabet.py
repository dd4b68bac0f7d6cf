"""People's names in the database: in Lithuanian order, and found without regard to diacritics or capitals.

PostgreSQL does both itself (ICU's collation, and Unicode's decomposition). SQLite knows only English letters, so
each connection to it is given two functions of ours; nothing stored depends on them.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func

from portal.collation import fold, sort_key

SORT, FOLD = "kelrodis_sort", "kelrodis_fold"


class InLithuanian(Func):
    """What to order a text by."""

    arity = 1
    function = SORT
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Order by ICU's Lithuanian collation."""
        return self.as_sql(compiler, connection, template='(%(expressions)s) COLLATE "lt-x-icu"', **context)


class Folded(Func):
    """A text in small letters without diacritics, as ``portal.collation.fold`` makes it."""

    arity = 1
    function = FOLD
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """Spread letters from their marks, and drop the marks (U+0300 to U+036F)."""
        template = r"regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g')"
        return self.as_sql(compiler, connection, template=template, **context)


def teach(connection: BaseDatabaseWrapper, **signal: Any) -> None:
    """Give a new connection to SQLite the functions it lacks."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(SORT, 1, _sort, deterministic=True)
        connection.connection.create_function(FOLD, 1, _fold, deterministic=True)


def _sort(text: str | None) -> str | None:
    return None if text is None else "\x01".join(sort_key(text, "lt"))


def _fold(text: str | None) -> str | None:
    return None if text is None else fold(text)
