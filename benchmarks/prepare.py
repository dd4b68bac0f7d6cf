"""In the portal's own process: open the quiz for any number of attempts, let everybody come in once.

python -m benchmarks.prepare WORLD
"""

from __future__ import annotations

import sys
from pathlib import Path

import django

from benchmarks.browser import Browser
from benchmarks.launches import Signer, begin_launch, finish_launch
from benchmarks.world import World


def main(path: Path) -> None:
    """Prepare the world written down at ``path``, and write it back with everybody's session."""
    django.setup()
    world = World.load(path)
    open_quiz(world)
    launch_everybody(world)
    world.save(path)


def open_quiz(world: World) -> None:
    """Publish the quiz anew: no limit of attempts or time, and the latest attempt counts."""
    from courses.models import Activity, CataloguePage, QuizPage
    from courses.versions import latest, payload_of

    activity = Activity.objects.get(uuid=world.quiz_uuid)
    for page in QuizPage.objects.filter(translation_key=activity.translation_key):
        page.attempts_allowed = page.time_limit_minutes = None
        page.grade_method = QuizPage.GradeMethod.LAST
        page.save_revision().publish()
    version = latest(activity_id=activity.pk, language="lt")
    assert version is not None
    items = payload_of(version)["items"]
    chosen = [item for item in items if item["type"] in {"single", "multiple"}]
    world.choices = [(item["id"], [option["id"] for option in item["options"]]) for item in chosen]
    world.catalogue = CataloguePage.objects.get(locale__language_code="lt").get_url()


def launch_everybody(world: World) -> None:
    """Launch each learner by each of the platform's links; what is kept is the latest session."""
    from benchmarks.inside import Inside

    wire = Inside(world.port)
    signer = Signer(world.platform)
    for learner in world.learners:
        for link in range(len(world.platform.claims)):
            browser = Browser(wire, cookies=dict(learner.cookies))
            ticket = begin_launch(browser, world.platform, learner)
            finish_launch(browser, ticket, signer.token(ticket, link))
            learner.cookies = dict(browser.cookies)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
