"""P6: 400 learners, 20 answers each, the web server killed 20 times: no acknowledged answer is lost."""

import pytest

from benchmarks.world import Place
from tests.soak.answers import Answering, lost

pytestmark = pytest.mark.soak


def test_no_acknowledged_answer_is_lost(tmp_path):
    with Place(tmp_path, people=400) as place:
        answering = Answering(place, learners=400, answers=20, kills=20)
        tally = answering.run(seconds=900)
        assert tally.errors == []  # a "locked" database would be an answer 500
        assert (tally.acknowledged, answering.killed) == (8_000, 20)
        assert tally.unanswered > 0
        assert lost(place, tally.kept) == []
