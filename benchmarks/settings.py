"""The development settings, with an empty view to compare with and an outbox that waits seconds, not hours."""

from portal.settings.dev import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"
OUTBOX_LEASE_SECONDS = 5
OUTBOX_LADDER_SECONDS = (1,) * 18
OUTBOX_SWEEP_SECONDS = 2
