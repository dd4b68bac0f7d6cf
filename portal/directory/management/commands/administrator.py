"""``manage.py administrator ADDRESS``: the first administrator, or a way back in when no other can help."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from portal.directory.flows.founding import make_administrator
from portal.directory.tables import need_tables


class Command(BaseCommand):
    """Makes a person an administrator. Where it is asked at a terminal, it asks for a password."""

    help = "Make whoever has this e-mail address an administrator; a new person where nobody has it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address, the name of a new person, and what to do about password and device."""
        parser.add_argument("email")
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument(
            "--keep-password", action="store_true", help="ask for none; a new one can be had by letter"
        )
        parser.add_argument("--lost-device", action="store_true", help="take the second factor away")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it. Raises CommandError for a wrong address or a weak password, and before the tables are there."""
        need_tables()
        try:
            validate_email(options["email"])
            password = "" if options["keep_password"] or not sys.stdin.isatty() else _asked()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = make_administrator(
            password=password,
            **{name: options[name] for name in ("email", "first_name", "last_name", "lost_device")},
        )
        self.stdout.write(f"{user.email} is an administrator.")
        if not user.has_usable_password():
            self.stdout.write("No password yet: it is set by the letter that “I forgot the password” sends.")


def _asked() -> str:
    """Ask for a password twice and return it. Raises ValidationError."""
    password = getpass("Password: ")
    validate_password(password)
    if getpass("Once more: ") != password:
        raise ValidationError("The two are not the same.")
    return password
