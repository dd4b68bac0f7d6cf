"""Grades and answers survive what happens to processes. The long versions are in tests/soak."""

from __future__ import annotations

import signal
import time

import pytest

from benchmarks.outbox import WORKERS, Size, Trial, empty_broker
from benchmarks.world import Place
from tests.soak.answers import Answering, lost

pytestmark = pytest.mark.services

LEARNERS = 6
SMALL = Size(learners=LEARNERS, rounds=5, links=2, kills=3, seconds=60)
ONE_MISHAP = Size(learners=LEARNERS, rounds=3, links=2, kills=1, seconds=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory, demo_var):
    """The portal and the trial platform, with six learners for each test, by two links, one without a column."""
    folder = tmp_path_factory.mktemp("services")
    with Place(folder, people=4 * LEARNERS, links=2, ours=1, like=demo_var) as made:
        yield made


def nothing_wrong(result, size):
    assert (result.passbacks, result.kills) == (size.passbacks, size.kills)
    assert (result.lost, result.duplicated, result.out_of_order) == (0, 0, 0)


def test_grades_survive_killed_workers(place):
    result = Trial(place, SMALL).run()
    nothing_wrong(result, SMALL)
    assert result.failing_calls > 0


def test_grades_survive_a_broker_that_is_removed(place):
    trial = Trial(place, ONE_MISHAP, first=LEARNERS, mishap=empty_broker)
    nothing_wrong(trial.run(), ONE_MISHAP)
    assert set(trial.revived) <= set(WORKERS), "only workers may die of it"


def test_grades_wait_for_a_platform_that_is_down(place):
    def take_down(trial):
        trial.place.trial.stop(signal.SIGKILL)
        time.sleep(4)
        trial.place.trial.start()

    trial = Trial(place, ONE_MISHAP, first=2 * LEARNERS, mishap=take_down)
    nothing_wrong(trial.run(), ONE_MISHAP)


def test_acknowledged_answers_survive_a_killed_web_server(place):
    answering = Answering(place, learners=LEARNERS, answers=20, kills=3)
    tally = answering.run(seconds=60)
    assert tally.errors == []
    assert (tally.acknowledged, answering.killed) == (LEARNERS * 20, 3)
    assert lost(place, tally.kept) == []
