"""In the portal's own process: how many SQL statements one request of each case takes.

python -m benchmarks.queries WORLD   prints JSON: {"lesson": 7, …}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import django

from benchmarks.cases import EMPTY, PAGES, Visitor, arrive, login
from benchmarks.launches import Signer
from benchmarks.world import World

WARM = 3  # the first requests of a process fill its caches


def main(path: Path) -> None:
    """Count for the world written down at ``path``."""
    django.setup()
    from benchmarks.inside import Inside, Statements

    world = World.load(path)
    meter = Statements()
    visitor = Visitor(world, Inside(world.port), world.learners[:1], meter)
    counts: dict[str, int] = {}
    for case in [EMPTY, *PAGES]:
        for _time in range(WARM):
            case.go(visitor)
        counts[case.name] = int(meter.reading)
    signer = Signer(world.platform)
    for _time in range(WARM):
        ticket = login(visitor)
        counts["launch_login"] = int(meter.reading)
        arrive(visitor, ticket, signer.token(ticket))
        counts["launch_message"] = int(meter.reading)
    counts["launch"] = counts["launch_login"] + counts["launch_message"]
    world.save(path)  # the first learner has a new session
    print(json.dumps(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
