"""P1: 10,000 grades, one call in five failing, 50 workers killed, the broker emptied: none lost, twice, out of order.

Half of them go to a column that our workers made, while answers about columns were lost as well.
"""

import pytest

from benchmarks import outbox
from benchmarks.world import Place

pytestmark = pytest.mark.soak


def test_ten_thousand_grades_survive_fifty_kills(tmp_path):
    size = outbox.SOAK
    with Place(tmp_path, people=size.learners, links=size.links, ours=1) as place:
        trial = outbox.Trial(place, size, mishap=outbox.kill_worker_and_once_empty_broker)
        result = trial.run()
    outbox.show(result, trial)
    assert (result.passbacks, result.kills) == (10_000, 50)
    assert result.failing_calls >= 0.2 * trial.calls, "one call in five is to fail"
    assert trial.emptied == 1
    assert (result.lost, result.duplicated, result.out_of_order) == (0, 0, 0)
    assert trial.midway >= 25, "too few workers were killed while they held a delivery"
