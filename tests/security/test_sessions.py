"""How long sessions are kept: an hour where nobody is signed in, so that visits of robots leave little behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time

from tests.signing_in import BACKEND

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"


def life():
    """Return how long the one session there is will live."""
    return Session.objects.get().expire_date - now()


@pytest.mark.parametrize("page", ["/lt/sign-in/", "/lt/sign-up/", "/lt/password/forgotten/"])
def test_visit_of_nobody_leaves_a_session_for_an_hour(client, page):
    answer = client.get(page)
    assert timedelta(minutes=59) < life() <= timedelta(hours=1)
    assert answer.cookies["sessionid"]["max-age"] == 3600


def test_whoever_signs_in_from_there_keeps_the_days_of_the_settings(austeja):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/lt/sign-in/").context["csrf_token"]
    form = {"login": austeja.email, "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    browser.post("/lt/sign-in/", form, headers={"Referer": "https://testserver/"})
    assert timedelta(days=13) < life() <= timedelta(days=14)
    with freeze_time(now() + timedelta(hours=2)):
        assert browser.get("/lt/learn/").status_code == 200


def test_launched_or_signed_in_otherwise_is_kept_as_long(client, austeja):
    client.force_login(austeja, backend=BACKEND)
    assert life() > timedelta(days=13)


def test_form_left_open_for_hours_is_refused_kindly_and_opens_nothing(austeja):
    browser = Client(enforce_csrf_checks=True)
    token = browser.get("/lt/sign-in/").context["csrf_token"]
    form = {"login": austeja.email, "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    with freeze_time(now() + timedelta(hours=2)):
        assert browser.post("/lt/sign-in/", form).status_code == 403
