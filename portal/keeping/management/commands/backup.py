"""``manage.py backup``: the database and the files, beside a running portal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.keeping.backup import making
from portal.keeping.backup.errors import Refused


class Command(BaseCommand):
    """Makes a backup, or checks one."""

    help = (
        "Write database, media and private files to TARGET (a folder, or a .tar file); --verify checks one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the target."""
        parser.add_argument("target", type=Path)
        parser.add_argument("--verify", action="store_true", help="check the backup at TARGET, write nothing")
        parser.add_argument("--foreign", action="store_true", help="the backup is of another installation")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what there is."""
        target: Path = options["target"].absolute()
        try:
            if options["verify"]:
                with making.unpacked(target) as folder:
                    found = making.check(folder, foreign=options["foreign"])
            else:
                found = making.make(target)
        except Refused as reason:
            raise CommandError(str(reason)) from None
        done = "is whole" if options["verify"] else "is made"
        self.stdout.write(
            f"The backup {target} {done}: {found.rows} rows in {len(found.tables)} tables, "
            f"{len(found.files)} files, {found.made_at}."
        )
