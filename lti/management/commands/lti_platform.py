"""`manage.py lti_platform add|list|disable`: the learning platforms that may launch us. Answers in JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lti import reports
from lti.flows import platforms
from lti.flows.platforms import NoSuchPlatform, NotUsable, PlatformDetails

DETAILS = ("name", "issuer", "client-id", "auth-url", "token-url", "keyset-url", "deployment-id")


class Command(BaseCommand):
    """Connects, lists and switches off platforms."""

    help = (
        "Connects, lists and switches off LTI 1.3 platforms. Prints JSON; errors are JSON on stderr, exit 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the three steps; what is missing is told in JSON by ``handle``."""
        steps = parser.add_subparsers(dest="step", required=True)
        add = steps.add_parser(
            "add", help="connect a platform, or update the one of this issuer and client id"
        )
        for name in DETAILS:
            add.add_argument(f"--{name}", default="")
        add.add_argument("--allow-private-network", action="store_true")
        steps.add_parser("list", help="list the platforms")
        off = steps.add_parser("disable", help="take no more launches from a platform")
        off.add_argument("--issuer", default="")
        off.add_argument("--client-id", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the step."""
        step = {"add": self._add, "list": self._list, "disable": self._disable}[options["step"]]
        try:
            self.stdout.write(json.dumps(step(options), ensure_ascii=False, indent=2))
        except NotUsable as error:
            self._fail({"error": "not usable", "fields": error.problems})
        except NoSuchPlatform:
            self._fail({"error": "no such platform"})

    def _add(self, options: dict[str, Any]) -> dict[str, Any]:
        details = {name.replace("-", "_"): options[name.replace("-", "_")].strip() for name in DETAILS}
        registration, created = platforms.connect(
            details=PlatformDetails(**details, allow_private_network=options["allow_private_network"])
        )
        row = asdict(reports.platform_row(registration))
        return {"created": created, "platform": row, "tool": platforms.our_addresses()}

    def _list(self, options: dict[str, Any]) -> dict[str, Any]:
        rows = [asdict(row) for row in reports.platforms()]
        return {"platforms": rows, "tool": platforms.our_addresses()}

    def _disable(self, options: dict[str, Any]) -> dict[str, Any]:
        registration = platforms.disable(issuer=options["issuer"], client_id=options["client_id"])
        return {"platform": asdict(reports.platform_row(registration))}

    def _fail(self, problem: dict[str, Any]) -> None:
        self.stderr.write(json.dumps(problem, ensure_ascii=False))
        sys.exit(1)
