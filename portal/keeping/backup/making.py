"""Making a backup beside a running portal, and checking one."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from portal.keeping.backup import files, manifest
from portal.keeping.backup.databases import ours
from portal.keeping.backup.errors import Damaged, Refused
from portal.keeping.backup.hashing import of_stream
from portal.keeping.backup.manifest import Manifest, Stored
from portal.keeping.flows import tombstones

PARTIAL = ".partial"
ONLY_OURS = 0o077  # nobody else on this machine reads names and addresses out of a backup


def make(target: Path) -> Manifest:
    """Write a backup to ``target`` (a folder, or one file when it ends in .tar).

    It is written under another name and gets its own at the very end, so what bears the name is whole. Raises
    Refused when there is something already.
    """
    if target.exists():
        raise Refused(f"{target} exists already. A backup never replaces another; choose a new name.")
    partial = target.with_name(target.name + PARTIAL)
    mask = os.umask(ONLY_OURS)
    try:
        _remove(partial)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as scratch:
            folder = Path(scratch) / "backup"
            folder.mkdir()
            made = _fill(folder)
            if target.suffix == ".tar":
                with tarfile.open(partial, "w") as tar:
                    tar.add(folder, arcname="backup")
            else:
                folder.rename(partial)
        os.sync()  # the disk keeps what was written before it gets its name
        partial.rename(target)
        os.sync()
    finally:
        os.umask(mask)
        _remove(partial)
    return made


def _fill(folder: Path) -> Manifest:
    """Write everything into ``folder``: the database, then the files it names, then what proves them."""
    database = ours()
    tables, migrations = database.dump(folder / database.file)
    with (folder / database.file).open("rb") as stream:
        stored: dict[str, Stored] = {database.file: of_stream(stream)}
    stored |= files.copy_all(folder)
    for name, content in tombstones.all_files():
        path = folder / files.TOMBSTONES / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        with path.open("rb") as stream:
            stored[f"{files.TOMBSTONES}{name}"] = of_stream(stream)
    made = Manifest(database=database.vendor, migrations=migrations, tables=tables, files=stored)
    manifest.write(made, folder)
    return made


def _remove(partial: Path) -> None:
    """Remove what an interrupted backup left under the other name."""
    if partial.is_dir():
        shutil.rmtree(partial)
    else:
        partial.unlink(missing_ok=True)


@contextmanager
def unpacked(source: Path) -> Iterator[Path]:
    """Give the folder of the backup; one that is a single file is unpacked for as long. Raises Damaged."""
    if source.is_dir():
        yield source
        return
    if not source.exists():
        raise Refused(f"There is no {source}.")
    with tempfile.TemporaryDirectory(prefix="kelrodis-backup-") as scratch:
        try:
            with tarfile.open(source) as tar:
                _unpack(tar, Path(scratch))
        except (tarfile.TarError, OSError, EOFError) as error:
            raise Damaged(f"{source} cannot be unpacked: {error}") from None
        yield Path(scratch) / "backup"


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """Write the archive's files below ``folder``. Raises Damaged for whatever is not a plain file there.

    Not by ``extractall``: its safe filters came with Python 3.11.4, and Debian 12 has 3.11.2.
    """
    for member in tar:
        inside = PurePosixPath(member.name)
        if inside.is_absolute() or ".." in inside.parts or not (member.isfile() or member.isdir()):
            raise Damaged(f"The backup holds something that does not belong there: {member.name}.")
        target = folder / inside
        source = tar.extractfile(member)
        if source is None:
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)


def check(folder: Path, *, foreign: bool = False) -> Manifest:
    """Check signature, files and rows of an unpacked backup. Raises Damaged."""
    found = manifest.read(folder, foreign=foreign)
    files.check(folder, found.files)
    database = ours()
    if found.database == database.vendor:
        database.check(folder / database.file, found.tables)
    return found
