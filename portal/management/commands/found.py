"""``manage.py found``: home pages and catalogues in both languages, and the site they belong to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.directory.tables import need_tables
from portal.founding import found


class Command(BaseCommand):
    """Prepares an empty portal; doing it again adds what is missing and changes no page."""

    help = (
        "Make home pages and catalogues in both languages where there are none, and set the site's address."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the portal's name, and its name in English."""
        parser.add_argument("--name", default="Kelrodis", help="what the portal is called (Kelrodis)")
        parser.add_argument("--name-en", default="", help="what it is called in English, where that differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Found it, and say what was made. Raises CommandError before the tables are there."""
        need_tables()
        for page in found(name=options["name"], name_en=options["name_en"]):
            self.stdout.write(f"  {page.locale.language_code}  {page.get_url()}  {page.title}")
        self.stdout.write("The portal has a home page and a catalogue in both languages.")
