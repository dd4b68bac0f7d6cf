"""Scores against the trial platform over real HTTP: Moodle's rules, and what goes wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now

from lti.flows.platforms import PlatformDetails, connect
from portal.outbox.models import Delivery
from tests.lti.grading import deliver, graded
from tests.platform.client import PlatformProcess, form_of

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def trial(live_server, settings, tmp_path):
    """The trial platform, connected to us as we really answer."""
    settings.SITE_URL = live_server.url
    with PlatformProcess(tool=live_server.url, state=tmp_path) as platform:
        told = platform.get("/api/state")["registration"]
        names = ("issuer", "client_id", "auth_url", "token_url", "keyset_url", "deployment_id")
        connect(
            details=PlatformDetails(
                name="Trial", allow_private_network=True, **{name: str(told[name]) for name in names}
            )
        )
        yield platform


@pytest.fixture
def ona_on_trial(trial, quiz):
    """Ona has come from the trial platform; returns its activity."""
    made = trial.post("/api/activities", title="Testas", custom={"activity": str(quiz.uuid)}, graded=True)
    browser, tab = Client(), {"Sec-Fetch-Dest": "document"}
    login = browser.post("/lti/login/", trial.login_request(person="ona", activity=made["id"]), headers=tab)
    page = trial.authenticate(login["Location"])
    address, fields = form_of(page.text)
    assert urlsplit(address).path == "/lti/launch/"
    assert browser.post("/lti/launch/", fields, headers=tab).status_code == 302
    return made["id"]


def held(trial, activity):
    rows = trial.get("/api/gradebook")
    rows = rows["grades"] if isinstance(rows, dict) else rows
    return [row for row in rows if row["activity"] == activity]


def again():
    Delivery.objects.update(next_at=now())
    return deliver()


def test_a_grade_arrives_by_moodles_rules(trial, ona_on_trial):
    graded("3", at=now() - timedelta(seconds=5))
    assert deliver().state == "sent"

    (row,) = held(trial, ona_on_trial)
    assert row["score"] == pytest.approx(0.75 * row["maximum"]) and row["comment"]


def test_A14_applied_but_answered_500_ends_as_sent_with_one_effect(trial, ona_on_trial):
    trial.post("/api/faults", mode="error_after_apply", only="scores", count=1)
    graded("3")
    assert deliver().state == "pending"
    delivery = again()
    assert (delivery.state, delivery.last_status) == ("sent", "already there")
    assert len(trial.effects()) == 1


@pytest.mark.parametrize("mode", ["drop_after_apply", "cut", "drop_before", "reset", "503", "429"])
def test_A12_a_lost_answer_ends_as_sent_with_one_effect(trial, ona_on_trial, mode):
    trial.post("/api/faults", mode=mode, only="scores", count=1)
    graded("3")
    assert deliver().state == "pending"
    assert again().state == "sent"
    assert len(trial.effects()) == 1


def test_A04_expired_tokens_are_replaced(trial, ona_on_trial):
    graded("1", at=now() - timedelta(seconds=9))
    deliver()
    trial.post("/api/expire_tokens")
    graded("3", at=now() - timedelta(seconds=5))
    assert deliver().state == "sent"
    assert len(trial.effects()) == 2


def test_A09_a_teachers_later_grade_stands(trial, ona_on_trial):
    trial.post("/api/grades", person="ona", activity=ona_on_trial, score=42)
    graded("3", at=now() - timedelta(minutes=1))
    assert deliver().state == "superseded"
    assert held(trial, ona_on_trial)[0]["final"] == 42
