"""Hashes of rows and files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import IO, Any

from portal.keeping.backup.errors import Damaged
from portal.keeping.backup.manifest import Stored, Table

BLOCK = 1 << 20


def of_rows(rows: Iterable[Any]) -> Table:
    """Return how many rows there are and the sum of their hashes; a row is hashed as Python writes it."""
    total, number = 0, 0
    for row in rows:
        digest = hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest()
        total = (total + int.from_bytes(digest, "big")) % (1 << 256)
        number += 1
    return Table(number, f"{total:064x}")


def of_stream(source: IO[bytes], copy: IO[bytes] | None = None) -> Stored:
    """Return size and hash of what ``source`` holds, writing it to ``copy`` on the way."""
    digest, size = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        size += len(block)
        if copy is not None:
            copy.write(block)
    return Stored(size, digest.hexdigest())


def compare(found: dict[str, Table], expected: dict[str, Table]) -> None:
    """Raise Damaged naming the tables that differ."""
    wrong = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    if wrong:
        raise Damaged(f"The rows of these tables are not those of the backup: {', '.join(wrong)}.")
