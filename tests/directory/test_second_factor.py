"""The second step of signing in: set up, asked for, guessed at, recovered, moved, switched off."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time
from wagtail.models import ModelLogEntry

from portal.directory import sealing
from portal.directory.flows import second_factor
from tests.directory.mail import letters
from tests.security.test_redirects import EVIL
from tests.signing_in import BACKEND, SECRET, code_of, give_app, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"
INDEX, SET_UP, CODES, REMOVE = (f"/lt/second-factor/{page}" for page in ("", "set-up/", "codes/", "remove/"))
CODE = "/lt/sign-in/code/"


@pytest.fixture
def me(client, austeja):
    """A browser in which Austėja has just signed in."""
    client.post("/lt/sign-in/", {"login": austeja.email, "password": PASSWORD})
    return client


def set_up(browser):
    """Set an app up as a person would; return its secret and the recovery codes."""
    secret = browser.get(SET_UP).context["secret"].replace(" ", "")
    response = browser.post(SET_UP, {"code": code_of(secret)})
    return secret, browser.get(response.url).context["codes"]


def first_step(person):
    browser = Client()
    response = browser.post("/lt/sign-in/", {"login": person.email, "password": PASSWORD})
    assert response.url == CODE
    return browser


def is_in(browser):
    return "_auth_user_id" in browser.session


def second_step(person, code):
    browser = first_step(person)
    browser.post(CODE, {"code": code})
    return is_in(browser)


# Setting up -------------------------------------------------------------------------------------


def test_page_shows_the_key_as_picture_and_text_the_same_when_it_is_loaded_again(me):
    page = me.get(SET_UP)
    assert page.context["picture"].startswith("data:image/svg+xml")
    secret = page.context["secret"]
    assert re.fullmatch(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", secret)
    assert secret in page.text
    assert f"secret={secret.replace(' ', '')}&amp;issuer=Kelrodis" in page.text
    assert me.get(SET_UP).context["secret"] == secret


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} "])
def test_app_is_set_up_by_its_first_code_however_it_is_typed(me, austeja, typed):
    code = code_of(me.get(SET_UP).context["secret"])
    assert me.post(SET_UP, {"code": typed.format(code[:3], code[3:])}).url == CODES
    assert second_factor.standing(user=austeja).app
    (letter,) = letters()
    assert letter.to == [austeja.email]
    assert letter.subject == "Antrasis prisijungimo žingsnis įjungtas"


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "\x00", "1" * 20, "１２３４５６"])
def test_wrong_first_code_sets_nothing_up_and_keeps_the_key(me, austeja, code):
    secret = me.get(SET_UP).context["secret"]
    page = me.post(SET_UP, {"code": code})
    assert page.status_code == 400
    assert page.context["secret"] == secret
    assert "field-error" in page.text
    assert not Authenticator.objects.exists()


def test_set_up_asks_for_the_password_when_signing_in_was_a_while_ago(me):
    with freeze_time(now() + timedelta(minutes=6)):
        asked = me.get(SET_UP)
        assert asked.url == "/lt/sign-in/again/?next=%2Flt%2Fsecond-factor%2Fset-up%2F"
        assert "Tai ne dabartinis" in me.post(asked.url, {"password": "ne tas"}).text
        assert me.post(asked.url, {"password": PASSWORD}).url == SET_UP
        assert me.get(SET_UP).status_code == 200


@pytest.mark.parametrize("target", EVIL)
def test_M02_setting_up_never_leads_to_another_site(me, target):
    page = me.get(SET_UP, {"next": target})
    assert page.context["next"] == ""
    code = code_of(page.context["secret"])
    response = me.post(SET_UP, {"code": code, "next": target})
    assert response.url == CODES
    assert me.get(CODES, {"next": target}).context["then"] == INDEX


@pytest.mark.parametrize("target", EVIL)
def test_M02_codes_never_lead_to_another_site(client, austeja, target):
    give_app(austeja)
    client.post("/lt/sign-in/", {"login": austeja.email, "password": PASSWORD, "next": target})
    assert client.post(CODE, {"code": code_of(), "next": target}).url == "/lt/learn/"
    with freeze_time(now() + timedelta(minutes=1)):
        again = client.post("/lt/sign-in/again/code/", {"code": code_of(), "next": target})
        assert again.url == "/lt/learn/"


# Codes ------------------------------------------------------------------------------------------


def test_code_is_taken_once(austeja):
    give_app(austeja)
    with freeze_time("2026-11-22 10:00:05"):
        code = code_of()
        assert second_step(austeja, code)
        assert not second_step(austeja, code)


def test_code_set_up_with_does_not_sign_in(me, austeja):
    with freeze_time(now()):
        secret, _codes = set_up(me)
        assert not second_step(austeja, code_of(secret))


def test_code_from_before_one_that_was_taken_is_refused(austeja):
    give_app(austeja)
    with freeze_time("2026-11-22 10:00:05"):
        earlier = code_of(steps=-1)
        assert second_step(austeja, code_of())
        assert not second_step(austeja, earlier)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clock_may_be_off_by_half_a_minute_and_no_more(austeja, steps, taken):
    give_app(austeja)
    with freeze_time("2026-11-22 10:00:05"):
        assert second_step(austeja, code_of(steps=steps)) is taken


def test_code_of_one_person_does_not_let_another_in(austeja, benas):
    give_app(austeja)
    give_app(benas, secret="MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK")
    assert not second_step(benas, code_of())


@pytest.mark.parametrize(("language", "said"), [("lt", "Per daug nepavykusių"), ("en", "Too many failed")])
def test_M10_guessing_codes_is_stopped_after_five_from_wherever_and_said(austeja, language, said):
    give_app(austeja)
    for number in range(5):
        browser = first_step(austeja)
        browser.post(CODE, {"code": f"00000{number}"}, REMOTE_ADDR=f"192.0.2.{number}")
    browser = first_step(austeja)
    refused = browser.post(f"/{language}/sign-in/code/", {"code": code_of()}, REMOTE_ADDR="192.0.2.99")
    assert said in refused.text
    assert not is_in(browser)
    with freeze_time(now() + timedelta(minutes=6)):
        assert second_step(austeja, code_of())


def test_M10_the_password_right_does_not_set_the_count_of_guesses_back(austeja):
    give_app(austeja)
    for number in range(6):
        browser = first_step(austeja)
        browser.post(CODE, {"code": f"00000{number}"})
    assert not second_step(austeja, code_of())


def test_second_step_alone_is_no_door(client, austeja):
    give_app(austeja)
    assert client.get(CODE).url == client.post(CODE, {"code": code_of()}).url == "/lt/sign-in/"
    assert not is_in(client)


def test_second_step_waits_a_quarter_of_an_hour(austeja):
    give_app(austeja)
    browser = first_step(austeja)
    with freeze_time(now() + timedelta(minutes=16)):
        assert browser.post(CODE, {"code": code_of()}).url == "/lt/sign-in/"
        assert not is_in(browser)


def test_one_may_start_over_at_the_second_step(austeja):
    give_app(austeja)
    browser = first_step(austeja)
    assert browser.get("/lt/sign-in/").url == CODE
    assert browser.post("/lt/sign-out/", {"next": "/lt/sign-in/"}).url == "/lt/sign-in/"
    assert browser.get("/lt/sign-in/").status_code == 200


# Recovery codes ---------------------------------------------------------------------------------


def test_recovery_codes_are_shown_once_with_a_file_to_keep(me, austeja):
    secret = me.get(SET_UP).context["secret"]
    me.post(SET_UP, {"code": code_of(secret)})
    page = me.get(CODES)
    codes = page.context["codes"]
    assert len(set(codes)) == 10
    assert all(code in page.text for code in codes)
    file = unquote(re.search(r'href="data:text/plain;charset=utf-8,([^"]+)" download', page.text)[1])
    assert all(code in file for code in codes)
    assert austeja.email in file
    again = me.get(CODES)
    assert not any(code in again.text for code in codes)
    assert page["Cache-Control"] == again["Cache-Control"]
    assert "no-store" in page["Cache-Control"]


def test_recovery_code_lets_one_in_once_and_the_person_is_told(me, austeja):
    _secret, codes = set_up(me)
    letters()
    assert second_step(austeja, codes[3])
    assert not second_step(austeja, codes[3])
    (letter,) = letters()
    assert letter.subject == "Panaudotas atkūrimo kodas"
    assert "9" in letter.body
    assert second_factor.standing(user=austeja).codes_left == 9


def test_new_recovery_codes_void_the_former_ones(me, austeja):
    _secret, old = set_up(me)
    letters()
    assert me.post(CODES).url == CODES
    new = me.get(CODES).context["codes"]
    assert not set(old) & set(new)
    assert not second_step(austeja, old[0])
    assert second_step(austeja, new[0])
    assert "Turite naujus atkūrimo kodus" in [letter.subject for letter in letters()]


def test_recovery_codes_need_an_app(me):
    assert me.post(CODES).url == SET_UP
    assert not Authenticator.objects.exists()


# Moving and switching off -----------------------------------------------------------------------


def test_app_is_moved_to_another_device(me, austeja):
    first, old_codes = set_up(me)
    letters()
    second, _new_codes = set_up(me)
    assert first != second
    with freeze_time(now() + timedelta(minutes=2)):
        assert not second_step(austeja, code_of(first))
        assert not second_step(austeja, old_codes[0])
        assert second_step(austeja, code_of(second))
    (letter,) = letters()
    assert letter.subject == "Antrasis prisijungimo žingsnis perkeltas į kitą įrenginį"


@pytest.mark.parametrize("page", [SET_UP, REMOVE, CODES])
def test_changing_a_second_factor_takes_a_code_and_not_the_password(client, austeja, page):
    give_app(austeja)
    client.force_login(austeja, backend=BACKEND)
    asked = client.get(page)
    assert asked.url.startswith("/lt/sign-in/again/code/?next=")
    assert client.post(asked.url, {"password": PASSWORD}).status_code == 200
    assert client.get(page).url == asked.url
    client.post(asked.url, {"code": code_of()})
    assert client.get(page).status_code == 200


def test_learner_may_switch_it_off(me, austeja):
    set_up(me)
    letters()
    me.get(REMOVE)
    assert second_factor.standing(user=austeja).app
    assert me.post(REMOVE).url == INDEX
    assert not Authenticator.objects.exists()
    (letter,) = letters()
    assert letter.subject == "Antrasis prisijungimo žingsnis išjungtas"
    assert Client().post("/lt/sign-in/", {"login": austeja.email, "password": PASSWORD}).url == "/lt/learn/"


def test_what_happens_to_a_second_factor_is_in_the_history(me, austeja):
    _secret, codes = set_up(me)
    second_step(austeja, codes[0])
    me.post(CODES)
    me.post(REMOVE)
    actions = ModelLogEntry.objects.filter(object_id=str(austeja.pk)).order_by("timestamp")
    assert list(actions.values_list("action", flat=True)) == [
        "directory.second_factor_set_up",
        "directory.recovery_code_used",
        "directory.recovery_codes_renewed",
        "directory.second_factor_removed",
    ]


# How the secret is kept -------------------------------------------------------------------------


def everything_stored():
    """Return all that the tables of second factors, sessions and deliveries hold, as text."""
    with connection.cursor() as cursor:
        rows = []
        for table in ("mfa_authenticator", "outbox_delivery", "wagtailcore_modellogentry"):
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return str(rows)


def test_secret_and_codes_are_nowhere_readable(me):
    shown = me.get(SET_UP).context["secret"].replace(" ", "")
    assert shown not in str(dict(me.session))
    secret, codes = set_up(me)
    letters()
    stored = everything_stored()
    assert secret == shown
    for text in (secret, *codes, *(code.replace(" ", "") for code in codes)):
        assert text not in stored


def test_former_secret_key_still_opens_and_is_replaced_when_used(austeja, settings):
    app = give_app(austeja)
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "nauja-" * 10, [former]
    assert second_factor.accept(user=austeja, code=code_of()) == app
    settings.SECRET_KEY_FALLBACKS = []
    app.refresh_from_db()
    assert sealing.unseal(app.data["secret"]) == SECRET


def test_command_seals_all_secrets_with_the_new_key(me, austeja, settings, capsys):
    set_up(me)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "nauja-" * 10
    call_command("reseal")
    assert capsys.readouterr().out.startswith("2 ")
    settings.SECRET_KEY_FALLBACKS = []
    assert second_factor.standing(user=austeja).codes_left == 10


def test_secret_sealed_with_a_lost_key_refuses_kindly(me, austeja, settings):
    set_up(me)
    settings.SECRET_KEY = "kita-" * 10
    browser = Client()
    browser.post("/lt/sign-in/", {"login": austeja.email, "password": PASSWORD})
    assert "field-error" in browser.post(CODE, {"code": code_of()}).text
    assert second_factor.standing(user=austeja).codes_left == 0
    call_command("reseal")


def test_own_page_says_how_things_stand(me, austeja):
    assert "būtinas jūsų vaidmeniui" not in me.get(INDEX).text
    set_up(me)
    assert "Liko 10 atkūrimo kodų" in me.get(INDEX).text
    assert INDEX in me.get("/lt/learn/").text
    assert sign_in(Client(), austeja).get("/en/second-factor/").status_code == 200
