"""Tombstones: who was erased, kept outside the database, so that a restored backup brings nobody back.

One small file for each erasure, in the storage "tombstones": its name is the SHA-256 of the person's random
identifier (UUID, 122 random bits, which nobody can guess back), its content the day. A backup takes them along;
a restore never removes one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.timezone import now

from portal.directory.models import User

NAME = re.compile(r"[0-9a-f]{64}\.json")


def fingerprint(user: User) -> str:
    """Return what a tombstone knows the person by."""
    return hashlib.sha256(user.uuid.bytes).hexdigest()


def put(person_sha256: str) -> None:
    """Write the tombstone; doing it twice changes nothing."""
    name = f"{person_sha256}.json"
    if not storages["tombstones"].exists(name):
        content = json.dumps({"person_sha256": person_sha256, "erased_at": now().isoformat()})
        storages["tombstones"].save(name, ContentFile(content.encode()))


def names() -> list[str]:
    """Return the names of all tombstones."""
    try:
        found = storages["tombstones"].listdir("")[1]
    except FileNotFoundError:
        return []
    return sorted(name for name in found if NAME.fullmatch(name))


def all_files() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of every tombstone."""
    for name in names():
        with storages["tombstones"].open(name) as stream:
            yield name, stream.read()


def take_in(folder: Path) -> None:
    """Add the tombstones of a backup to ours."""
    for path in sorted(folder.glob("*.json")):
        if NAME.fullmatch(path.name):
            put(path.stem)


def buried() -> list[User]:
    """Return the people who are here again although they were erased."""
    known = {name.removesuffix(".json") for name in names()}
    if not known:
        return []
    return [
        user for user in User.objects.filter(erased_at__isnull=True).iterator() if fingerprint(user) in known
    ]
