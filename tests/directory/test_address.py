"""Another e-mail address: proved before it replaces the present one; accounts nobody proves are forgotten."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as portal_settings
from django.core import mail
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time

from courses.flows import enrolment
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User
from portal.keeping.flows import retention
from tests.directory.mail import letters, path_sent
from tests.factories.people import UserFactory
from tests.security.test_redirects import EVIL
from tests.signing_in import BACKEND, code_of, give_app

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"
NEW = "nauja@kelrodis.example"
PAGE = "/lt/address/"


def sign_in(person, email=None):
    browser = Client()
    browser.post("/lt/sign-in/", {"login": email or person.email, "password": PASSWORD})
    return browser


def is_in(browser):
    return "_auth_user_id" in browser.session


@pytest.fixture
def me(austeja):
    """A browser in which Austėja has just signed in."""
    return sign_in(austeja)


def test_new_address_replaces_the_old_one_once_its_link_is_opened(me, austeja):
    old = austeja.email
    assert me.post(PAGE, {"email": NEW.upper()}).url == PAGE
    assert NEW in me.get(PAGE).text
    link = path_sent(NEW)
    austeja.refresh_from_db()
    assert austeja.email == old and is_in(sign_in(austeja))
    me.post(link)
    austeja.refresh_from_db()
    assert austeja.email == NEW and austeja.email_verified_at
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]
    assert is_in(sign_in(austeja, NEW)) and not is_in(sign_in(austeja, old))
    assert "Jūsų adresas pakeistas" in me.get("/lt/learn/").text


def test_former_address_is_written_to_and_learns_no_other(me, austeja):
    old = austeja.email
    me.post(PAGE, {"email": NEW})
    me.post(path_sent(NEW))
    (letter,) = letters()
    assert letter.to == [old]
    assert letter.subject == "Pasikeitė jūsų paskyros adresas"
    assert NEW not in letter.body


def test_new_address_does_not_sign_in_before_it_is_proved(me, austeja):
    me.post(PAGE, {"email": NEW})
    assert not is_in(sign_in(austeja, NEW))
    Client().post("/lt/password/forgotten/", {"email": NEW})
    sent = [(letter.to, letter.subject) for letter in letters()]
    assert {subject for to, subject in sent if to == [NEW]} == {"Patvirtinkite naują adresą"}
    assert ([austeja.email], "Nuoroda naujam slaptažodžiui") in sent


def test_what_was_asked_for_last_counts(me):
    me.post(PAGE, {"email": "pirmas@kelrodis.example"})
    first = path_sent("pirmas@kelrodis.example")
    me.post(PAGE, {"email": NEW})
    assert me.post(first).status_code == 404
    assert me.post(path_sent(NEW)).status_code == 302


def test_it_may_be_forgotten_and_the_link_opens_nothing_then(me, austeja):
    me.post(PAGE, {"email": NEW})
    link = path_sent(NEW)
    assert me.post(PAGE, {"forget": "1"}).url == PAGE
    assert NEW not in me.get(PAGE).text
    assert me.post(link).status_code == 404
    assert EmailAddress.objects.get().email == austeja.email


def test_forgotten_before_the_letter_left_no_letter_leaves(me):
    me.post(PAGE, {"email": NEW})
    me.post(PAGE, {"forget": "1"})
    assert letters() == []


def test_address_of_somebody_else_is_neither_taken_nor_told_of(me, austeja, benas):
    free = me.post(PAGE, {"email": NEW})
    taken = me.post(PAGE, {"email": benas.email})
    assert (free.status_code, free.url) == (taken.status_code, taken.url)
    link = path_sent(benas.email)
    assert me.post(link).status_code == 409
    austeja.refresh_from_db()
    benas.refresh_from_db()
    assert austeja.email != benas.email
    assert is_in(sign_in(benas))


def test_link_pressed_elsewhere_asks_to_sign_in_to_that_account_first(me, austeja, benas):
    me.post(PAGE, {"email": NEW})
    link = path_sent(NEW)
    for stranger in (Client(), sign_in(benas)):
        page = stranger.post(link)
        assert page.status_code == 200 and f"/lt/sign-in/?next={quote(link, safe='')}" in page.text
        assert "Austėja Žvirblytė" in page.text
    austeja.refresh_from_db()
    assert austeja.email != NEW
    sign_in(austeja).post(link)
    austeja.refresh_from_db()
    assert austeja.email == NEW


def test_reader_of_the_mailbox_may_say_that_the_account_is_a_strangers(me, austeja):
    me.post(PAGE, {"email": NEW})
    link = path_sent(NEW)
    assert Client().post(link, {"drop": "1"}).status_code == 200
    assert me.post(link).status_code == 404
    austeja.refresh_from_db()
    assert austeja.email and not EmailAddress.objects.filter(email=NEW).exists()


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "š@š", "a" * 300 + "@kelrodis.example", "a@b.lt\nBcc: c@d.lt"]
)
def test_what_is_no_address_is_refused(me, email):
    assert me.post(PAGE, {"email": email}).status_code in {200, 400}
    assert EmailAddress.objects.count() == 1


def test_present_address_is_no_new_one(me, austeja):
    page = me.post(PAGE, {"email": austeja.email.upper()})
    assert "Tai ir dabar jūsų adresas" in page.text
    assert letters() == []


def test_it_asks_for_the_password_when_signing_in_was_a_while_ago(me):
    with freeze_time(now() + timedelta(minutes=6)):
        assert me.post(PAGE, {"email": NEW}).url == f"/lt/sign-in/again/?next={PAGE.replace('/', '%2F')}"
        assert letters() == []


def test_with_a_second_factor_it_asks_for_a_code(client, austeja):
    give_app(austeja)
    client.force_login(austeja, backend=BACKEND)
    asked = client.get(PAGE)
    assert asked.url.startswith("/lt/sign-in/again/code/")
    client.post(asked.url, {"code": code_of()})
    assert client.post(PAGE, {"email": NEW}).url == PAGE


@pytest.mark.parametrize("target", EVIL)
def test_M02_the_password_once_more_leads_nowhere_else(me, target):
    response = me.post("/lt/sign-in/again/", {"password": PASSWORD, "next": target})
    assert response.url == "/lt/learn/"


def test_letters_to_one_address_are_not_sent_without_end(me):
    for _time in range(9):
        me.post(PAGE, {"email": NEW})
    assert len(letters()) <= 3


def test_link_is_in_no_row(me):
    me.post(PAGE, {"email": NEW})
    assert portal_settings.SITE_URL not in str(list(EmailAddress.objects.values()))
    link = path_sent(NEW)
    assert mail.outbox[0].subject == "Patvirtinkite naują adresą"
    assert "/sign-up/confirm/" in link


# Accounts nobody confirms -----------------------------------------------------------------------


def forget_unconfirmed():
    """Apply the rule on accounts that were never confirmed, as it is every night; return how many it removed."""
    return retention.run().removed["never_confirmed"]


def unproved(days, **more):
    person = UserFactory(proved=False, date_joined=now() - timedelta(days=days), **more)
    EmailAddress.objects.create(user=person, email=person.email, verified=False)
    return person


def test_account_nobody_confirmed_is_forgotten_after_thirty_days():
    unproved(31)
    young = unproved(29)
    assert forget_unconfirmed() == 1
    assert list(User.objects.all()) == [young]
    assert EmailAddress.objects.get().user == young


def test_days_are_a_setting(settings):
    unproved(8)
    settings.RETENTION = {"never_confirmed": 7}
    assert forget_unconfirmed() == 1


def test_nobody_else_is_forgotten(austeja, course):
    User.objects.filter(pk=austeja.pk).update(date_joined=now() - timedelta(days=900))
    changing = UserFactory(date_joined=now() - timedelta(days=900))
    EmailAddress.objects.create(user=changing, email=NEW, verified=False)
    launched = unproved(900)
    launched.set_unusable_password()
    launched.save()
    known = unproved(900)
    grant(user=known, role=Role.EDITOR, by=None)
    enrolled = unproved(900)
    enrolment.ensure(user=enrolled, course=course.activity, source="self")
    came = unproved(900, last_login=now())
    assert forget_unconfirmed() == 0
    assert set(User.objects.all()) == {austeja, changing, launched, known, enrolled, came}
