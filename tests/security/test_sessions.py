"""How long sessions are kept: an hour where nobody is signed in, so that visits of robots leave little behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from freezegun import freeze_time

from portal.sessions import SessionStore
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


def held(**data):
    """Return a session that is kept, with this in it."""
    session = SessionStore()
    session.update(data)
    session.save()
    return session


def test_new_key_is_one_statement_and_the_old_one_opens_nothing():
    session = held(read="Donelaitis")
    before = session.session_key

    with CaptureQueriesContext(connection) as statements:
        session.cycle_key()
        session["more"] = 1
        session.save()

    assert len(statements) == 1
    assert session.session_key not in {before, None}
    assert dict(SessionStore(session.session_key).items()) == {"read": "Donelaitis", "more": 1}
    assert SessionStore(before).load() == {} and Session.objects.count() == 1


def test_two_new_keys_of_one_session_at_once_are_two_sessions():
    first = held(read="Donelaitis")
    second = SessionStore(first.session_key)
    for session in (first, second):
        session.cycle_key()
    for session in (first, second):
        session.save()

    assert first.session_key != second.session_key and Session.objects.count() == 2


@pytest.mark.parametrize("end", ["flush", "delete"])
def test_session_that_ends_before_its_new_key_is_written_leaves_no_row(end):
    session = held(read="Donelaitis")
    session.cycle_key()
    getattr(session, end)()

    assert not Session.objects.exists()
