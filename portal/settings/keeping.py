"""How long what is kept (docs/guides/backup.md): days by rule, from KELRODIS_KEEP_<RULE>; 0 keeps for ever."""

from __future__ import annotations

from portal.settings.env import env

DEFAULTS = {
    "sessions": 1,  # after they ended
    "launches": 1,  # after they could no longer be finished
    "deliveries": 30,  # contents of letters and grades, after they were settled
    "never_confirmed": 30,  # accounts whose address nobody confirmed
    "exports": 7,  # files of people's own data
    "nights": 90,  # reports of the nightly job
    "audit_log": 5 * 365,
    "register_names": 0,  # names of erased people in the register of certificates: 0 keeps none (see below)
    "dormant": 0,  # accounts nobody came back to: 0 never erases them
}


def periods() -> dict[str, int]:
    """Return the days by rule."""
    return {name: int(env(f"KELRODIS_KEEP_{name.upper()}", str(days))) for name, days in DEFAULTS.items()}


RETENTION = periods()
REGISTER_NAMES_BASIS = env("KELRODIS_REGISTER_NAMES_BASIS", "")  # the law by which such names are kept
ERASURE_DAYS = int(env("KELRODIS_ERASURE_DAYS", "7"))  # to think it over
