"""``manage.py retention``: remove what has been kept long enough, or say what would be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from portal.keeping.flows import retention


class Command(BaseCommand):
    """Applies the retention rules, as the nightly job does."""

    help = "Remove what has been kept long enough (--dry-run only counts)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--dry-run``."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or count."""
        if options["dry_run"]:
            with override("en"):  # as everything else that commands say
                for rule in retention.due():
                    term = rule.own_terms or rule.at_zero or "kept for ever"
                    term = f"kept {rule.days} days" if rule.days else term
                    self.stdout.write(f"{rule.name:<18} {term:<16} to be removed: {rule.number}")
            return
        night = retention.run()
        for name, number in night.removed.items():
            self.stdout.write(f"{name:<18} removed: {number}")
        if night.failed:
            raise CommandError(f"Failed: {', '.join(night.failed)}. The log says why.")
