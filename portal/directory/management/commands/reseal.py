"""``manage.py reseal``: after the secret key was changed, seal stored secrets with the new one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.directory.flows import second_factor


class Command(BaseCommand):
    """Seals the secrets of authenticator apps anew; the former key must be among KELRODIS_SECRET_KEY_FALLBACKS."""

    help = "Seal stored secrets with the present secret key, so that the former one can be forgotten."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and say how many."""
        self.stdout.write(f"{second_factor.reseal()} secrets are sealed with the present key.")
