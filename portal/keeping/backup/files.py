"""Uploaded and private files, wherever the storages keep them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages

from portal.keeping.backup.errors import Damaged
from portal.keeping.backup.hashing import of_stream
from portal.keeping.backup.manifest import Stored

STORAGES = {"media": "default", "private": "private"}  # folder inside the backup, storage
NOT_KEPT = ("private/exports/",)  # copies made for a person, for a few days
TOMBSTONES = "tombstones/"  # kept apart (see portal.keeping.flows.tombstones)


def walk(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the names of all files in the storage; of a folder that is not there, none."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (f"{prefix}{name}" for name in sorted(names))
    for name in sorted(folders):
        yield from walk(storage, f"{prefix}{name}")


def listed() -> Iterator[tuple[str, Storage, str]]:
    """Yield path inside the backup, storage and name of every file that is kept."""
    for folder, alias in STORAGES.items():
        storage = storages[alias]
        for name in walk(storage):
            if not f"{folder}/{name}".startswith(NOT_KEPT):
                yield f"{folder}/{name}", storage, name


def copy_all(target: Path) -> dict[str, Stored]:
    """Copy every file, hashing what was written.

    The database was copied first: a file is stored before the row that names it, and never changed, so whatever
    that snapshot names is here. One deleted in the meantime is left out.
    """
    found = {}
    for path, storage, name in listed():
        copy = target / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            with storage.open(name) as source, copy.open("wb") as written:
                found[path] = of_stream(source, written)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
    return found


def check(folder: Path, files: dict[str, Stored]) -> None:
    """Raise Damaged when a file is missing or is not the one that was copied."""
    for path, expected in files.items():
        inside = folder / path
        plain = posixpath.normpath(path) == path and ".." not in path.split("/")  # as a storage would take it
        if not plain or not inside.resolve().is_relative_to(folder.resolve()):
            raise Damaged(f"The backup names a file outside itself: {path}.")
        try:
            with inside.open("rb") as stream:
                found = of_stream(stream)
        except OSError:
            raise Damaged(f"The backup lacks {path}.") from None
        if found != expected:
            raise Damaged(f"The backup's {path} is not what was written.")


def present() -> list[str]:
    """Return the files that are kept, as paths inside a backup."""
    return [path for path, _storage, _name in listed()]


def put_all(folder: Path, files: dict[str, Stored]) -> None:
    """Put the backup's files into the storages and read each back. Raises Damaged."""
    for path, expected in files.items():
        kind, _, name = path.partition("/")
        if kind not in STORAGES:
            continue
        storage = storages[STORAGES[kind]]
        if _stored(storage, name) == expected:
            continue
        storage.delete(name)
        with (folder / path).open("rb") as source:
            storage.save(name, File(source))
        if _stored(storage, name) != expected:
            raise Damaged(f"The storage did not keep {path} as it was written.")


def _stored(storage: Storage, name: str) -> Stored | None:
    try:
        with storage.open(name) as stream:
            return of_stream(stream)
    except FileNotFoundError:
        return None


def remove_surplus(files: dict[str, Stored]) -> int:
    """Delete what is stored and is not in the backup; return how many files."""
    surplus = [(storage, name) for path, storage, name in listed() if path not in files]
    for storage, name in surplus:
        storage.delete(name)
    return len(surplus)
