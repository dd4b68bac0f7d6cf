"""250 people for ten minutes (KELRODIS_SOAK_SECONDS): no error, and the web server's memory stays where it is."""

import os

import pytest

from benchmarks.world import Place
from portal.demo.people import PASSWORD, sign_ins
from tests.soak.users import LEARNERS, Crowd, report

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("KELRODIS_SOAK_SECONDS", "600"))
# A leak of 10 kB a request would be some 7 MB a minute in each worker. A short run sees caches fill still.
GROWTH = 1.0 if SECONDS >= 600 else 6.0  # MB a minute and worker


def test_250_people_meet_no_error_and_memory_stays_flat(tmp_path):
    email = next(email for _name, title, email in sign_ins() if "administratorius" in title)
    with Place(tmp_path, people=LEARNERS) as place:
        crowd = Crowd(place, administrator=(email, PASSWORD), seconds=SECONDS)
        outcome = crowd.run()
    report(outcome.figures())
    assert outcome.errors == []
    assert outcome.steps > SECONDS * 250 / 15
    assert outcome.growth < GROWTH
