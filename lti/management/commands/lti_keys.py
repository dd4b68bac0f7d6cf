"""`manage.py lti_keys list|turn|rotate|withdraw`: the keys we sign with. Answers in JSON; never shows a secret."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti.flows import rotation


class Command(BaseCommand):
    """Lists and changes our keys."""

    help = "Lists and changes the keys that sign what we send to platforms. Prints JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the four steps."""
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("list", help="the published keys: signing, next, retired")
        steps.add_parser("turn", help="do what is due by the keys' terms, as the clock does each night")
        steps.add_parser("rotate", help="let the next key sign now; the former stays known for its overlap")
        gone = steps.add_parser("withdraw", help="take a retired or next key out of the key set at once")
        gone.add_argument("kid")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the step and list the keys."""
        told: dict[str, Any] = {}
        try:
            if options["step"] == "turn":
                told["done"] = rotation.turn()
            elif options["step"] == "rotate":
                rotation.rotate()
            elif options["step"] == "withdraw":
                rotation.withdraw(kid=options["kid"])
        except rotation.NoSuchKey:
            self.stderr.write(json.dumps({"error": "no such retired or next key"}))
            sys.exit(1)
        rows = [asdict(row) | {"since": row.since.isoformat()} for row in rotation.published()]
        self.stdout.write(json.dumps(told | {"keys": rows}, indent=2))
