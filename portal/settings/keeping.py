"""How long what is kept (docs/guides/backup.md): days by rule, from KELRODIS_KEEP_<RULE>; 0 keeps for ever."""

from __future__ import annotations

from portal.conf import RETENTION as DEFAULTS
from portal.settings.env import env


def periods() -> dict[str, int]:
    """Return the days by rule."""
    return {name: int(env(f"KELRODIS_KEEP_{name.upper()}", str(days))) for name, days in DEFAULTS.items()}


RETENTION = periods()
REGISTER_NAMES_BASIS = env("KELRODIS_REGISTER_NAMES_BASIS", "")  # the law by which such names are kept
ERASURE_DAYS = int(env("KELRODIS_ERASURE_DAYS", "7"))  # to think it over
