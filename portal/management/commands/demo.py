"""``manage.py demo``: load the demo, or list its people."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.conf import conf
from portal.demo import people, site


class Command(BaseCommand):
    """Loads the demo; doing it twice changes nothing. Refuses to run in production."""

    help = "Load the demo county, its people and its courses (--people lists the sign-ins)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--people``."""
        parser.add_argument("--people", action="store_true", help="only print the demo people's sign-ins")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then say who can sign in."""
        if conf.ENVIRONMENT == "production":
            raise CommandError("The demo has a public password and is not for production.")
        if not options["people"]:
            site.load()
            self.stdout.write("The demo is in place.")
            return
        for name, title, email in people.sign_ins():
            self.stdout.write(f"  {email:<38} {name:<22} {title}")
        self.stdout.write(f"  Password of each: {people.PASSWORD}")
