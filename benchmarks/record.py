"""In the portal's own process: learners finish attempts, one round after the other.

python -m benchmarks.record WORLD FIRST COUNT ROUNDS   prints one line of JSON for each grade once it is committed
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import django

from benchmarks.world import Learner, World

ROUND = 1.1  # seconds at least; a platform tells two scores of one person apart by whole seconds


def main(path: Path, first: int, count: int, rounds: int) -> None:
    """Let ``count`` learners from the ``first`` on finish ``rounds`` attempts each."""
    django.setup()
    world = World.load(path)
    dice = random.Random(rounds)
    people = [(learner, _person(learner)) for learner in world.learners[first : first + count]]
    for _round in range(rounds):
        began = time.monotonic()
        for learner, user in people:
            print(json.dumps(_finish_one(world, learner, user, dice)), flush=True)
        time.sleep(max(began + ROUND - time.monotonic(), 0))


def _person(learner: Learner) -> Any:
    from lti_tool.models import LtiUser

    return LtiUser.objects.select_related("auth_user").get(sub=learner.subject).auth_user


def _finish_one(world: World, learner: Learner, user: Any, dice: random.Random) -> dict[str, Any]:
    """Take the quiz as the views do, with chance answers."""
    from courses.flows import attempting, enrolment, grading
    from courses.models import Activity, Enrolment

    quiz = Activity.objects.select_related("course").get(uuid=world.quiz_uuid)
    assert quiz.course is not None
    entry = enrolment.ensure(user=user, course=quiz.course, source=Enrolment.Source.LAUNCH)
    attempt = attempting.start(enrolment=entry, quiz=quiz, language="lt", preview=False)
    drafts = [
        attempting.Draft(item_id=item, response=[dice.choice(options)], flagged=False, seq=None)
        for item, options in world.choices
    ]
    attempting.save(user=user, uuid=attempt.uuid, drafts=drafts)
    done = grading.submit(attempt=attempt)
    return {"subject": learner.subject, "number": done.number, "given": round(100 * (done.fraction or 0), 2)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(number) for number in sys.argv[2:5]))
