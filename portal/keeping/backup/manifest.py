"""What a backup says of itself: versions, schema, rows and files with their hashes, signed by the installation."""

from __future__ import annotations

import hmac
import json
import platform
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import django
import wagtail
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from portal.conf import conf
from portal.keeping.backup.errors import Damaged, Refused

FORMAT = 1
NAME, SIGNATURE = "manifest.json", "manifest.sig"


@dataclass(frozen=True)
class Table:
    """A table's rows: how many, and the sum of their SHA-256 (modulo 2**256, so in whatever order)."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Stored:
    """A file: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that is needed to know a backup whole, and to know whether this code can read it.

    ``migrations`` are those applied, as "app.name"; ``files`` are by their path inside the backup.
    """

    database: str  # sqlite or postgresql
    migrations: list[str]
    tables: dict[str, Table]
    files: dict[str, Stored]
    made_at: str = field(default_factory=lambda: now().isoformat())
    versions: dict[str, str] = field(
        default_factory=lambda: {
            "python": platform.python_version(),
            "django": django.__version__,
            "wagtail": wagtail.__version__,
        }
    )
    site: str = field(default_factory=lambda: str(conf.SITE_URL))
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.made_at)

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables.values())


def write(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and its signature, the last of a backup's files."""
    text = json.dumps(asdict(manifest), indent=1, sort_keys=True, ensure_ascii=False).encode()
    (folder / SIGNATURE).write_text(_signatures(text)[0], encoding="ascii")
    (folder / NAME).write_bytes(text)


def read(folder: Path, *, foreign: bool = False) -> Manifest:
    """Return the manifest of the backup in ``folder``.

    Raises Damaged when there is none, or it is signed by nobody we know (``foreign`` skips the signature, not the
    hashes), and Refused when its format is of the future.
    """
    try:
        text = (folder / NAME).read_bytes()
        signature = (folder / SIGNATURE).read_text(encoding="ascii")
    except FileNotFoundError:
        raise Damaged(f"{folder} is not a whole backup: it has no manifest or no signature.") from None
    if not foreign and not any(hmac.compare_digest(signature, ours) for ours in _signatures(text)):
        raise Damaged(
            "The manifest was changed, or signed with another KELRODIS_SECRET_KEY. If the backup is of another "
            "installation and you trust where it was kept, say --foreign."
        )
    try:
        return _parsed(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"The manifest cannot be read: {error}") from None


def _parsed(data: dict[str, Any]) -> Manifest:
    if data["format"] > FORMAT:
        raise Refused(
            f"The backup's format {data['format']} is newer than this portal. Upgrade the portal first."
        )
    tables = {name: Table(**table) for name, table in data.pop("tables").items()}
    files = {name: Stored(**stored) for name, stored in data.pop("files").items()}
    return Manifest(**data, tables=tables, files=files)


def _signatures(text: bytes) -> list[str]:
    """Return the signature under the present key, then those under former ones."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac("kelrodis.backup", text, secret=key, algorithm="sha256").hexdigest() for key in keys]


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Return the migrations of the backup that this code has never heard of: it was made by a newer one."""
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    known = {f"{app}.{name}" for app, name in disk}
    known |= {f"{app}.{name}" for migration in disk.values() for app, name in migration.replaces}
    return sorted(set(manifest.migrations) - known)
