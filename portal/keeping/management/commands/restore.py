"""``manage.py restore``: put a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.keeping.backup.errors import Refused
from portal.keeping.backup.restoring import Wishes, restore


class Command(BaseCommand):
    """Restores a backup into an empty portal, or over another with --replace."""

    help = "Restore the backup at SOURCE. Stop the portal's processes first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the source, and what the operator knows."""
        parser.add_argument("source", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose the data and files there are")
        parser.add_argument("--foreign", action="store_true", help="accept a backup of another installation")
        parser.add_argument(
            "--nothing-since",
            action="store_true",
            help="the portal was stopped before the backup was made (a move to another machine)",
        )
        parser.add_argument(
            "--hold-letters",
            action="store_true",
            help="leave letters that waited at the time of the backup for staff to decide",
        )
        parser.add_argument(
            "--number-gap",
            type=int,
            default=1000,
            help="certificate numbers to skip: more than were issued since the backup (1000)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, saying each step."""
        names = ("replace", "foreign", "nothing_since", "hold_letters", "number_gap")
        wishes = Wishes(**{name: options[name] for name in names})
        try:
            restore(options["source"].absolute(), wishes, self.stdout.write)
        except Refused as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write("The portal is restored. Start its processes.")
