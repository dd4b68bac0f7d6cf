"""Nudges and sweeps: they reach the portal's own broker, and neither holds up the other."""

import subprocess
import sys

from portal.celery import app
from portal.outbox.tasks import deliver_stream


def test_a_web_process_nudges_the_portals_own_workers():
    """Only importing portal.celery makes the tasks its own; a web server never does so by itself."""
    script = "import django; django.setup(); from portal.outbox.tasks import sweep; print(sweep.app.main)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["kelrodis"]


def test_a_sweep_outlives_the_nudges_that_were_there_before_it():
    sweep = app.conf.beat_schedule["outbox-sweep"]
    assert deliver_stream.expires <= sweep["schedule"]
    assert sweep["options"]["expires"] > deliver_stream.expires
