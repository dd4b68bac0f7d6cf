"""The platform's memory: one SQLite file, one connection, one lock.

Every write is an IMMEDIATE transaction under the lock, so a score and its row in `effects` are
stored together or not at all, and a killed process loses nothing that it had answered for.
`calls` and `effects` are append-only: triggers refuse to change a row, only a reset empties them,
and their ids keep rising over resets and restarts.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL UNIQUE, given TEXT NOT NULL DEFAULT '',
    family TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', sourcedid TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'student', locale TEXT NOT NULL DEFAULT 'en',
    anonymous INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT, shortname TEXT NOT NULL, title TEXT NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS enrolments (
    course INTEGER NOT NULL, person INTEGER NOT NULL, suspended INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (course, person));
CREATE TABLE IF NOT EXISTS activities (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course INTEGER NOT NULL, title TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '', custom TEXT NOT NULL DEFAULT '',
    target_link_uri TEXT NOT NULL, graded INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS lineitems (
    id INTEGER PRIMARY KEY AUTOINCREMENT, course INTEGER NOT NULL, activity INTEGER, own INTEGER NOT NULL,
    label TEXT NOT NULL, score_maximum REAL NOT NULL, resource_id TEXT NOT NULL DEFAULT '',
    tag TEXT NOT NULL DEFAULT '', locked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS grades (
    lineitem INTEGER NOT NULL, person INTEGER NOT NULL, score REAL, override REAL, comment TEXT,
    modified REAL NOT NULL, timestamp TEXT NOT NULL, activity_progress TEXT NOT NULL DEFAULT '',
    grading_progress TEXT NOT NULL DEFAULT '', PRIMARY KEY (lineitem, person));
CREATE TABLE IF NOT EXISTS effects (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, lineitem INTEGER NOT NULL,
    person INTEGER NOT NULL, score_given REAL, score_maximum REAL, stored REAL, timestamp TEXT NOT NULL,
    body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, service TEXT NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, person TEXT, status INTEGER, applied INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', body TEXT NOT NULL DEFAULT '', headers TEXT NOT NULL DEFAULT '{}',
    fault TEXT, milliseconds INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS launches (
    id TEXT PRIMARY KEY, person INTEGER NOT NULL, course INTEGER NOT NULL, activity INTEGER,
    message TEXT NOT NULL, target TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0, about INTEGER);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, scopes TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS tools (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, state TEXT NOT NULL, registration TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tool_keys (kid TEXT PRIMARY KEY, jwk TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS calls_fixed BEFORE UPDATE ON calls
    BEGIN SELECT RAISE(ABORT, 'the call log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS effects_fixed BEFORE UPDATE ON effects
    BEGIN SELECT RAISE(ABORT, 'effects are append-only'); END;
"""

ADDED = {  # columns that states of an earlier platform lack
    "lineitems": {"review": "TEXT NOT NULL DEFAULT ''"},
    "launches": {"about": "INTEGER"},
}

EMPTIED_BY_RESET = (
    "people",
    "courses",
    "enrolments",
    "activities",
    "lineitems",
    "grades",
    "effects",
    "calls",
    "launches",
    "tokens",
    "tool_keys",
    "tools",
)


class Store:
    """All state of one platform."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            folder / "platform.sqlite3", isolation_level=None, check_same_thread=False, timeout=30
        )
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        for table, columns in ADDED.items():
            known = {row["name"] for row in self._db.execute(f"PRAGMA table_info({table})")}
            for name in columns.keys() - known:
                self._db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    @contextmanager
    def transaction(self) -> Iterator[Store]:
        """Hold the lock and write everything inside, or nothing. May be nested."""
        with self._lock:
            if self._db.in_transaction:
                yield self
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query, as dictionaries."""
        with self._lock:
            return [dict(row) for row in self._db.execute(sql, values).fetchall()]

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def write(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; returns the number of rows it touched."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def insert(self, table: str, values: Row) -> int:
        """Add a row (table and column names come from this package only); returns its id."""
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        with self._lock:
            cursor = self._db.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values())
            )
            return int(cursor.lastrowid or 0)

    def update(self, table: str, key: int, values: Row) -> None:
        """Change the given columns of the row with this id."""
        names = ", ".join(f"{name} = ?" for name in values)
        self.write(f"UPDATE {table} SET {names} WHERE id = ?", [*values.values(), key])

    def setting(self, name: str, default: Any = None) -> Any:
        """A stored setting (any JSON value)."""
        row = self.row("SELECT value FROM settings WHERE name = ?", [name])
        return json.loads(row["value"]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        """Store a setting."""
        self.write("INSERT OR REPLACE INTO settings VALUES (?, ?)", [name, json.dumps(value)])

    def empty(self) -> None:
        """Forget people, courses, grades, calls and effects; ids go on rising, so none is reused."""
        with self.transaction():
            for table in EMPTIED_BY_RESET:
                self.write(f"DELETE FROM {table}")
