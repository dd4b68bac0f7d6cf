"""Django's command of this name makes an account that could not sign in here: this one says what does."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Refuses, and points at ``manage.py administrator``."""

    help = "Not here: administrators hold a role and sign in by e-mail. See manage.py administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whatever Django's would."""
        for name in ("username", "email", "database"):
            parser.add_argument(f"--{name}")
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise CommandError."""
        raise CommandError("Say instead: manage.py administrator ADDRESS")
