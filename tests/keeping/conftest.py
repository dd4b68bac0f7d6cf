"""Rasa, of whom the portal holds everything it can hold of a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from lti_tool.models import LtiUser
from wagtail.log_actions import log

from certificates.flows.issuing import issue
from certificates.flows.rendering import render
from courses.flows import attempting, enrolment, grading
from courses.models import Answer
from lti.models import GradeLine
from portal.directory.models import Affiliation, User
from portal.outbox.delivering import run_due
from portal.outbox.letters import send_letter
from portal.outbox.models import Delivery
from tests.factories.certificates import CompletionFactory
from tests.factories.courses import SHORT, make_course
from tests.factories.lti import MEMBERSHIP, Launcher, Network, Platform
from tests.factories.people import LibraryFactory, UserFactory

BACKEND = "portal.directory.backends.EmailBackend"
PASSWORD = "labas-rytas-2026"


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    """Media, private files and tombstones of this test's own."""
    kinds = {"default": "media", "private": "private", "tombstones": "tombstones"}
    backend = "django.core.files.storage.FileSystemStorage"
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": backend, "OPTIONS": {"location": tmp_path / name}} for alias, name in kinds.items()
    }


@pytest.fixture
def rasa(db):
    """Rasa Šiaulytė, a librarian who learns."""
    return UserFactory(first_name="Rasa", last_name="Šiaulytė-Žukė", email="rasa.siaulyte@kelrodis.example")


@pytest.fixture
def as_rasa(client, rasa):
    """A browser in which Rasa is signed in."""
    client.force_login(rasa, backend=BACKEND)
    return client


@pytest.fixture
def network(monkeypatch):
    """The world outside, which does not answer unless told to."""
    outside = Network()
    monkeypatch.setattr("lti.flows.http.call", outside.call)
    return outside


@pytest.fixture
def full_life(rasa, network, mailoutbox):
    """Rasa has worked, learnt, typed, launched, been written to, been certified, and been logged."""
    Affiliation.objects.create(
        user=rasa,
        library=LibraryFactory(),
        confirmed=True,
        date_from=date(2026, 1, 1),
        job_title="Metodininkė-šaltinių",
    )
    course = make_course()
    _launch(rasa, network, course)
    enrolled = enrolment.ensure(user=rasa, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    draft = attempting.Draft(item_id=SHORT, response=["Rasos mintis apie ąžuolą"], flagged=False, seq=1)
    attempting.save(user=rasa, uuid=attempt.uuid, drafts=[draft])
    grading.submit(attempt=attempt)
    credential = issue(completion=CompletionFactory(enrolment__user=rasa))
    render(credential=credential)
    log(rasa, "directory.role_granted", data={"role": "ED", "by": "Rasa Šiaulytė-Žukė", "to": rasa.email})
    _write(rasa)
    run_due()
    browser = Client()
    browser.force_login(rasa, backend=BACKEND)
    return rasa


def _launch(rasa, network, course):
    """Let Rasa come from Moodle, and the identity there be hers."""
    moodle = Platform("https://moodle.example", network)
    response = Launcher(moodle, Client(), course.quiz_activity).launch(
        sub="sub-rasa-4711",
        roles=[MEMBERSHIP + "Learner"],
        given_name="Rasa",
        family_name="Šiaulytė-Žukė",
        email="r.siaulyte@moodle.example",
    )
    assert response.status_code == 302, response.text
    told = LtiUser.objects.get(sub="sub-rasa-4711")
    stranger, told.auth_user = told.auth_user, rasa
    told.save()
    GradeLine.objects.filter(user=stranger).update(user=rasa)
    User.objects.filter(pk=stranger.pk).delete()


def _write(rasa):
    """A letter that was sent, one whose sending failed with the address in the error, and one that waits."""
    for key in ("sent", "failed", "waiting"):
        send_letter(
            template="password_changed", to=rasa, context={"forgotten": rasa.get_full_name()}, key=key
        )
    Delivery.objects.filter(key="failed").update(
        state="dead",
        settled_at=now(),
        last_error="refused: rasa.siaulyte@kelrodis.example (Rasa Šiaulytė-Žukė)",
    )
    Delivery.objects.filter(key="waiting").update(next_at=now() + timedelta(days=1))


@pytest.fixture
def answers():
    """What was typed anywhere."""
    return lambda: [text for row in Answer.objects.all() for text in row.response]
