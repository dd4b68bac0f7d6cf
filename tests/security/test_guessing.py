"""Guessing passwords (M10): soon stopped, clearly said, and nobody else is hindered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from freezegun import freeze_time

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"
LOCKED = {"lt": "Per daug nepavykusių prisijungimo bandymų", "en": "Too many failed login attempts"}


def sign_in(client, person, password=PASSWORD, *, language="lt", **headers):
    form = {"login": person.email, "password": password}
    return client.post(f"/{language}/sign-in/", form, **headers)


def guess(client, person, times, **headers):
    for number in range(times):
        response = sign_in(client, person, f"spėjimas-{number}", **headers)
        assert response.status_code in {200, 429}
        assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["lt", "en"])
def test_M10_right_password_is_refused_after_five_wrong_ones_and_the_page_says_why(client, austeja, language):
    guess(client, austeja, 5)
    refused = sign_in(client, austeja, language=language)
    assert LOCKED[language] in refused.text
    assert "_auth_user_id" not in client.session


def test_M10_lock_holds_for_five_minutes_and_then_passes(client, austeja):
    start = now()
    with freeze_time(start):
        guess(client, austeja, 5)
    with freeze_time(start + timedelta(minutes=4, seconds=50)):
        assert sign_in(client, austeja).status_code == 200
    with freeze_time(start + timedelta(minutes=10)):
        assert sign_in(client, austeja).url == "/lt/learn/"


def test_M10_lock_follows_the_account_whatever_network_the_guesses_come_from(client, austeja):
    for number in range(5):
        guess(client, austeja, 1, REMOTE_ADDR=f"192.0.2.{number}")
    assert LOCKED["lt"] in sign_in(client, austeja, REMOTE_ADDR="192.0.2.99").text


def test_M10_other_accounts_and_networks_are_unaffected(client, austeja, benas):
    guess(client, austeja, 6, REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, benas, REMOTE_ADDR="192.0.2.2").url == "/lt/learn/"


@pytest.mark.parametrize(("language", "title"), [("lt", "Per daug bandymų"), ("en", "Too many attempts")])
def test_M10_flood_from_one_network_gets_a_429_page_of_ours(client, austeja, benas, language, title):
    for number in range(30):
        client.post("/lt/sign-in/", {"login": f"a{number}@b.lt", "password": "x"}, REMOTE_ADDR="192.0.2.1")
    flooded = sign_in(client, austeja, language=language, REMOTE_ADDR="192.0.2.1")
    assert flooded.status_code == 429
    assert f"<h1>{title}</h1>" in flooded.text
    assert f'lang="{language}"' in flooded.text
    assert "kelrodis/kelrodis.css" in flooded.text
    assert sign_in(client, benas, REMOTE_ADDR="192.0.2.2").url == "/lt/learn/"


@pytest.mark.parametrize("door", ["/admin/login/", "/lt/_util/login/", "/en/_util/login/"])
def test_M10_wagtails_doors_take_no_password_past_the_limit(client, austeja, door):
    response = client.post(door, {"username": austeja.username, "login": austeja.email, "password": PASSWORD})
    assert response.status_code == 302
    assert "/sign-in/" in response.url
    assert "_auth_user_id" not in client.session


def test_M10_answer_does_not_tell_whether_there_is_such_an_account(client, austeja):
    unknown = client.post("/lt/sign-in/", {"login": "nera@kelrodis.example", "password": "x"})
    known = sign_in(client, austeja, "x")
    message = "notice-error"
    assert unknown.status_code == known.status_code == 200
    assert (
        unknown.text.split(message)[1].split("</div>")[0] == known.text.split(message)[1].split("</div>")[0]
    )
