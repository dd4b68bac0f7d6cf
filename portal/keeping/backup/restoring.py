"""Putting a backup back: into emptiness, or over what there is when that is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction

from portal.custody import Circumstances, custody
from portal.keeping.backup import files, making, manifest
from portal.keeping.backup.databases import Database, ours
from portal.keeping.backup.errors import Refused
from portal.keeping.backup.hashing import compare
from portal.keeping.backup.manifest import Manifest
from portal.keeping.flows import erasing, tombstones

Say = Callable[[str], object]


@dataclass(frozen=True)
class Wishes:
    """What the operator said: see the command's own help."""

    replace: bool = False
    foreign: bool = False
    nothing_since: bool = False
    hold_letters: bool = False
    number_gap: int = 1000


def restore(source: Path, wishes: Wishes, say: Say) -> Manifest:
    """Restore the backup at ``source``; ``say`` is told each step. Raises Refused and Damaged.

    The files come first and the database last, in one transaction: interrupted before that, the portal has the
    database it had, and the restore is begun again (with --replace, for the files that are there by then).
    """
    with making.unpacked(source) as folder:
        found = making.check(folder, foreign=wishes.foreign)
        database = ours()
        _refuse(found, database, wishes)
        say(f"The backup of {found.made_at} is whole: {found.rows} rows, {len(found.files)} files.")
        files.put_all(folder, found.files)
        database.load(folder / database.file)
        compare(database.tables(), found.tables)
        say("Rows and files are those of the backup.")
        call_command("migrate", verbosity=0, interactive=False)
        if wishes.replace:
            say(f"Files that were not in the backup and are deleted: {files.remove_surplus(found.files)}.")
        tombstones.take_in(folder / files.TOMBSTONES)
    _afterwards(found, wishes, say)
    return found


def _refuse(found: Manifest, database: Database, wishes: Wishes) -> None:
    """Raise Refused when the backup does not fit this portal, or there is something in the way."""
    if found.database != database.vendor:
        raise Refused(f"The backup is of {found.database}, the portal's database is {database.vendor}.")
    newer = manifest.unknown_migrations(found)
    if newer:
        raise Refused(
            f"The backup was made by a newer version of the portal (it has {', '.join(newer[:3])}). "
            "Upgrade the portal first."
        )
    if wishes.replace:
        return
    if not database.is_empty():
        raise Refused("The database is not empty. To lose what is in it, say --replace.")
    if files.present():
        raise Refused("There are uploaded or private files already. To lose them, say --replace.")


def _afterwards(found: Manifest, wishes: Wishes, say: Say) -> None:
    """Undo what must not come back: sessions and launches that ended, people who were erased."""
    circumstances = Circumstances(found.moment, wishes.nothing_since, wishes.hold_letters, wishes.number_gap)
    for name in sorted(custody.after_restore):
        with transaction.atomic():
            say(f"{name}: {custody.after_restore[name](circumstances)}.")
    say(f"People erased since, and erased again: {erasing.replay()}.")
    try:
        cache.clear()
    except (
        Exception
    ) as error:  # whatever a cache that is not there raises; it holds nothing of the old state then
        say(f"The cache could not be emptied ({type(error).__name__}). Empty it before the portal starts.")
