"""SQLite: `VACUUM INTO` for the snapshot, the backup API to put it back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from portal.keeping.backup.errors import Damaged, Refused
from portal.keeping.backup.hashing import compare, of_rows
from portal.keeping.backup.manifest import Table

PATIENCE = 60  # seconds to wait for a writer
TABLES = """SELECT name FROM sqlite_schema WHERE type = 'table'
            AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"""


@contextmanager
def opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    """Open the file (``mode``: ro, rw or rwc) outside any transaction."""
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)) as link:
        yield link


def tables_of(link: sqlite3.Connection) -> dict[str, Table]:
    """Return the rows of every table, those behind the full-text index among them."""
    names = [name for (name,) in link.execute(TABLES)]
    return {name: of_rows(link.execute(f'SELECT * FROM "{name}"')) for name in names}  # noqa: S608 (a table's own name)


class Sqlite:
    """The portal's database in a file."""

    vendor = "sqlite"
    file = "database.sqlite3"

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.path = Path(connection.settings_dict["NAME"])

    def dump(self, path: Path) -> tuple[dict[str, Table], list[str]]:
        """Write the snapshot: one read transaction, beside which others go on writing (WAL)."""
        with opened(self.path, "rw") as link:
            link.execute("VACUUM INTO ?", [str(path)])
        with opened(path, "ro") as link:
            applied = link.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
            return tables_of(link), [name for (name,) in applied]

    def check(self, path: Path, expected: dict[str, Table]) -> None:
        """Raise Damaged when the snapshot is broken or has other rows."""
        try:
            with opened(path, "ro") as link:
                if link.execute("PRAGMA quick_check").fetchone() != ("ok",):
                    raise Damaged("The database in the backup is broken.")
                compare(tables_of(link), expected)
        except sqlite3.DatabaseError as error:
            raise Damaged(f"The database in the backup cannot be read: {error}") from None

    def is_empty(self) -> bool:
        """Whether there is no file, or no table in it."""
        if not self.path.exists():
            return True
        with opened(self.path, "ro") as link:
            return link.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)

    def load(self, path: Path) -> None:
        """Copy the snapshot over the database in one transaction; a crash leaves what was there before."""
        self.connection.close()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with opened(path, "ro") as source, opened(self.path, "rwc") as target:
                source.backup(target)
        except sqlite3.OperationalError as error:
            raise Refused(f"The database is in use ({error}). Stop the portal's processes first.") from None

    def tables(self) -> dict[str, Table]:
        """Return the rows of the database as it is."""
        with opened(self.path, "ro") as link:
            return tables_of(link)
