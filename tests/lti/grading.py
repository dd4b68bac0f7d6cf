"""Grading attempts and delivering results, for the tests of scores."""

from __future__ import annotations

import json

from django.db import transaction
from django.utils import translation
from django.utils.timezone import now

from courses.models import ActivityVersion, Attempt, Enrolment
from portal.outbox import delivering
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.lti import answer

SCORES = "https://moodle.example/lineitem/5/scores"
RESULTS = "https://moodle.example/lineitem/5/results"
TOKEN = "https://moodle.example/token"
OK = answer(200)
CONFLICT = answer(409)


def graded(points="3", *, quiz=None, preview=False, at=None, user=None, method="best"):
    """Finish an attempt of Ona's and tell the outbox."""
    enrolment = Enrolment.objects.filter(user=user).get() if user else Enrolment.objects.get()
    quiz = quiz or enrolment.course.parts.get()
    version = ActivityVersion.objects.filter(activity=quiz).first() or ActivityVersion.objects.create(
        activity=quiz, language="lt", number=1, sha256=f"{quiz.pk} {method}", payload={"grade_method": method}
    )
    with transaction.atomic():
        attempt = Attempt.objects.create(
            enrolment=enrolment,
            quiz=quiz,
            version=version,
            preview=preview,
            state="finished",
            number=Attempt.objects.filter(quiz=quiz).count() + 1,
            points=points,
            points_max="4",
            finished_at=at or now(),
        )
        record("courses.attempt_graded", attempt_id=attempt.pk)
    return attempt


def deliver():
    """Let the workers do what is due; return the latest delivery."""
    delivering.run_due()
    return Delivery.objects.order_by("-pk").first()


def sent(network, number=-1):
    call = network.to(SCORES)[number]
    return call, json.loads(call["body"])


def in_lithuanian(number):
    with translation.override("lt"):
        return translation.gettext("Attempt %(number)s of %(allowed)s") % {"number": number, "allowed": 3}


def held(score, maximum=10, **more):
    return answer(body=[{"userId": "2001", "resultScore": score, "resultMaximum": maximum} | more])
