"""PostgreSQL: pg_dump in an exported snapshot, in which the rows are counted and hashed as well."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from portal.keeping.backup.errors import Damaged, Refused
from portal.keeping.backup.hashing import of_rows
from portal.keeping.backup.manifest import Table

FETCHED = 2000
# What a row looks like as text must not depend on who connects from where.
PLAIN = (
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
EMPTY_IT = "SET lock_timeout = '30s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
NEVER_ON_THE_COMMAND_LINE = {"password"}
DJANGOS_OWN = {"isolation_level", "server_side_binding", "pool", "assume_role", "cursor_factory"}


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs, the newest there is. Raises Refused."""
    found = shutil.which(name, path=os.environ.get("KELRODIS_PG_BIN")) or shutil.which(name)
    newest = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: [int(digits) for digits in re.findall(r"\d+", str(path))],
    )
    if not found and not newest:
        raise Refused(
            f"{name} is missing: install PostgreSQL's client programs, or name their folder in KELRODIS_PG_BIN."
        )
    return found or str(newest[-1])


class Postgres:
    """The portal's database on a server."""

    vendor = "postgresql"
    file = "database.dump"

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        settings = connection.settings_dict
        options = {k: v for k, v in settings["OPTIONS"].items() if k not in DJANGOS_OWN and not callable(v)}
        named = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
        self.parameters: dict[str, Any] = {
            **{name: value for name, value in named.items() if value},
            **{name: value for name, value in options.items() if name not in NEVER_ON_THE_COMMAND_LINE},
            "dbname": settings["NAME"],
        }
        self.password = str(settings["PASSWORD"] or options.get("password") or "")

    def dump(self, path: Path) -> tuple[dict[str, Table], list[str]]:
        """Write the dump and count in one and the same snapshot, beside which others go on writing."""
        with self._connected() as link:
            link.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = link.execute("SELECT pg_export_snapshot()").fetchone()[0]
            self._run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={path}")
            applied = link.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
            tables = self._tables(link)
            link.execute("ROLLBACK")
        return tables, [name for (name,) in applied]

    def check(self, path: Path, expected: dict[str, Table]) -> None:
        """Raise Damaged when the dump's contents cannot be listed. Its rows are compared once it is restored."""
        done = subprocess.run(  # noqa: S603 (PostgreSQL's own program, no shell)
            [program("pg_restore"), "--list", str(path)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Damaged(f"The database in the backup cannot be read: {done.stderr.strip()[:300]}")

    def is_empty(self) -> bool:
        """Whether the schema has no table."""
        with self._connected() as link:
            return link.execute(TABLES).fetchone() is None

    def load(self, path: Path) -> None:
        """Write the dump out as SQL, then drop what there is and run it in one transaction."""
        self.connection.close()
        with tempfile.TemporaryDirectory(prefix="kelrodis-restore-") as folder:
            script = Path(folder) / "database.sql"
            bare = ["--no-owner", "--no-privileges", f"--file={script}", str(path)]
            self._run("pg_restore", *bare, connects=False)
            quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
            self._run("psql", *quiet, "--single-transaction", "--command", EMPTY_IT, "--file", str(script))

    def tables(self) -> dict[str, Table]:
        """Return the rows of the database as it is."""
        with self._connected() as link:
            link.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            return self._tables(link)

    def _tables(self, link: Any) -> dict[str, Table]:
        for statement in PLAIN:
            link.execute(statement)
        found = {}
        for (name,) in link.execute(TABLES).fetchall():
            with link.cursor(name="rows") as cursor:
                cursor.itersize = FETCHED
                cursor.execute(f'SELECT CAST(t AS text) FROM "{name}" t')  # noqa: S608 (a table's own name)
                found[name] = of_rows(cursor)
        return found

    def _connected(self) -> Any:
        """Return a connection of our own; a transaction is begun by hand."""
        return psycopg.connect(**self.parameters, password=self.password or None, autocommit=True)

    def _run(self, name: str, *arguments: str, connects: bool = True) -> None:
        """Run one of PostgreSQL's programs. Raises Refused with what it said."""
        environment = os.environ | ({"PGPASSWORD": self.password} if self.password else {})
        command = [
            program(name),
            *([f"--dbname={make_conninfo(**self.parameters)}"] if connects else []),
            *arguments,
        ]
        done = subprocess.run(  # noqa: S603 (PostgreSQL's own program, no shell)
            command, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise Refused(f"{name} failed: {done.stderr.strip()[-500:]}")
