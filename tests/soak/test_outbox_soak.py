"""P1: 10,000 grades, one call in five failing, 50 workers killed: none lost, none twice, none out of order."""

import pytest

from benchmarks import outbox
from benchmarks.world import Place

pytestmark = pytest.mark.soak


def test_ten_thousand_grades_survive_fifty_kills(tmp_path):
    size = outbox.SOAK
    with Place(tmp_path, people=size.learners, links=size.links) as place:
        trial = outbox.Trial(place, size)
        result = trial.run()
    outbox.show(result, trial)
    assert (result.passbacks, result.kills) == (10_000, 50)
    assert result.failing_calls > 2_000
    assert (result.lost, result.duplicated, result.out_of_order) == (0, 0, 0)
    assert trial.midway >= 25, "too few workers were killed while they held a delivery"
