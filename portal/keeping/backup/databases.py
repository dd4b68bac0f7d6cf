"""The database: its snapshot under load, its rows as hashes, and how it is put back in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from django.db import connection

from portal.keeping.backup.manifest import Table
from portal.keeping.backup.postgres import Postgres
from portal.keeping.backup.sqlite import Sqlite

Tables = dict[str, Table]


class Database(Protocol):
    """What a backup asks of a database."""

    vendor: str
    file: str  # the snapshot's name inside the backup

    def dump(self, path: Path) -> tuple[Tables, list[str]]:
        """Write one consistent snapshot; return its tables and its migrations. Others go on writing."""

    def check(self, path: Path, expected: Tables) -> None:
        """Raise Damaged when the snapshot cannot be read or has other rows than ``expected``."""

    def is_empty(self) -> bool:
        """Whether the database has no tables."""

    def load(self, path: Path) -> None:
        """Replace all there is by the snapshot, wholly or not at all. Raises Refused."""

    def tables(self) -> Tables:
        """Return the rows of the database as it is."""


def ours() -> Database:
    """Return the portal's database."""
    return Postgres(connection) if connection.vendor == "postgresql" else Sqlite(connection)
