"""A forgotten password, and one that is changed: by a link that works once, with every other session ended."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time

from portal.directory.flows import people
from portal.directory.flows.people import give_address
from portal.directory.models import User
from portal.logs import Line
from portal.outbox.models import Delivery
from tests.directory.mail import letters, path_in, path_sent
from tests.factories.people import UserFactory
from tests.security.test_redirects import EVIL
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db
OLD = "labas-rytas-2026"
NEW = "vakaras-prie-marių"
FORGOTTEN = "/lt/password/forgotten/"
SENT = "/lt/password/forgotten/letter/"


def forget(browser, email, **more):
    return browser.post(FORGOTTEN, {"email": email}, **more)


def link_for(person):
    forget(Client(), person.email)
    return path_sent(person.email)


def follow(browser, link, password=NEW, **more):
    """Open the link and send the form it leads to."""
    page = browser.get(link, follow=True)
    return browser.post(page.request["PATH_INFO"], {"password1": password, **more})


def is_in(browser):
    return "_auth_user_id" in browser.session


def can_sign_in(person, password):
    browser = Client()
    browser.post("/lt/sign-in/", {"login": person.email, "password": password})
    return is_in(browser)


def test_forgotten_password_is_set_anew_by_the_link_and_one_is_in(client, austeja):
    assert forget(client, austeja.email.upper()).url == SENT
    response = follow(client, path_sent(austeja.email))
    assert response.url == "/lt/learn/"
    assert client.session["_auth_user_id"] == str(austeja.pk)
    assert "Naujas slaptažodis nustatytas" in client.get(response.url).text
    assert can_sign_in(austeja, NEW) and not can_sign_in(austeja, OLD)


def test_key_is_not_in_the_address_of_the_form(client, austeja):
    link = link_for(austeja)
    response = client.get(link)
    assert response.status_code == 302
    assert response.url.endswith("-set-password/")
    assert link.split("-", 1)[1].strip("/") not in client.get(response.url).text


def test_every_other_session_ends(client, austeja):
    elsewhere = Client()
    elsewhere.force_login(austeja, backend=BACKEND)
    follow(client, link_for(austeja))
    assert elsewhere.get("/lt/learn/").status_code == 302
    assert client.get("/lt/learn/").status_code == 200


def test_person_is_told_that_the_password_has_changed(client, austeja):
    follow(client, link_for(austeja))
    (letter,) = letters()
    assert letter.to == [austeja.email]
    assert letter.subject == "Jūsų slaptažodis pakeistas"
    assert path_in(letter) == FORGOTTEN
    assert NEW not in letter.body


def test_link_works_once(client, austeja):
    link = link_for(austeja)
    follow(client, link)
    other = Client()
    response = other.get(link)
    assert response.status_code == 410
    assert "nebeveikia" in response.text and FORGOTTEN in response.text
    assert not is_in(other)


def test_form_left_open_is_not_taken_after_the_link_was_used(client, austeja):
    link = link_for(austeja)
    waiting = Client()
    form = waiting.get(link).url
    follow(client, link)
    assert waiting.post(form, {"password1": "dar-kitas-zodis-9"}).status_code == 410
    assert can_sign_in(austeja, NEW)


def test_link_is_good_for_a_day(client, austeja):
    start = now()
    with freeze_time(start):
        link = link_for(austeja)
    with freeze_time(start + timedelta(hours=23, minutes=50)):
        assert client.get(link).status_code == 302
    with freeze_time(start + timedelta(hours=24, minutes=1)):
        assert client.get(link).status_code == 410


def test_link_is_no_longer_good_once_the_old_password_is_remembered(client, austeja):
    link = link_for(austeja)
    assert can_sign_in(austeja, OLD)
    assert client.get(link).status_code == 410


def test_link_of_before_a_change_of_address_is_no_longer_good(client, austeja):
    link = link_for(austeja)
    give_address(user=austeja, email="kita@kelrodis.example")
    assert client.get(link).status_code == 410


def test_link_does_not_open_somebody_elses_account(client, austeja, benas):
    own, other = link_for(austeja), link_for(benas)
    mixed = own.split("-", 1)[0] + "-" + other.split("-", 1)[1]
    assert client.get(mixed).status_code == 410
    assert client.get("/lt/password/new/zzzzzzzzzzzzzz-x/").status_code == 410


def test_link_for_one_account_followed_in_anothers_browser_signs_the_other_out(austeja, benas):
    browser = Client()
    browser.force_login(benas, backend=BACKEND)
    follow(browser, link_for(austeja))
    assert browser.session["_auth_user_id"] == str(austeja.pk)
    assert can_sign_in(benas, OLD)


@pytest.mark.parametrize("target", EVIL)
def test_M02_forgotten_password_never_leads_to_another_site(client, austeja, target):
    response = client.post(FORGOTTEN, {"email": austeja.email, "next": target})
    assert response.url == SENT
    link = path_sent(austeja.email)
    assert follow(client, f"{link}?next={target}", next=target).url == "/lt/learn/"
    assert (
        client.post("/lt/password/", {"oldpassword": NEW, "password1": OLD, "next": target}).url
        == "/lt/learn/"
    )


@pytest.mark.parametrize("password", ["", "trumpas", "123456789012", "password1234", "Žvirblytė2026"])
def test_weak_password_is_refused_and_the_link_stays_good(client, austeja, password):
    link = link_for(austeja)
    response = follow(client, link, password)
    assert set(response.context["form"].errors) == {"password1"}
    austeja.refresh_from_db()
    assert austeja.check_password(OLD)
    assert follow(client, link).url == "/lt/learn/"


@pytest.mark.parametrize(
    "email", ["", "x", "a@b.lt\r\nBcc: c@d.lt", "a@b.lt\x00", f"{'a' * 60}@{'b.' * 100}lt"]
)
def test_address_that_is_none_is_refused(client, email):
    assert set(forget(client, email).context["form"].errors) == {"email"}


def test_answer_does_not_tell_whether_there_is_such_an_account(austeja):
    pages = []
    for email in (austeja.email, "nera@kelrodis.example"):
        browser = Client()
        response = forget(browser, email)
        pages.append((response.status_code, response.url, browser.get(response.url).text.split("<main")[1]))
    assert pages[0] == pages[1]
    assert [letter.to for letter in letters()] == [[austeja.email]]


def test_too_many_requests_for_one_address_are_told_to_wait_known_or_not(client, austeja):
    for email in (austeja.email, "nera@kelrodis.example"):
        for _time in range(3):
            assert forget(client, email).status_code == 302
        assert forget(client, email, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert len(letters()) == 3


class TestPeopleWithoutPassword:
    """Those who come by launches."""

    @pytest.fixture
    def launched(self, db):
        return User.objects.create_user("lti-1", email="ona@universitetas.example")

    def test_forgetting_brings_a_letter_that_says_where_to_go_and_no_link(self, client, launched):
        forget(client, launched.email)
        (letter,) = letters()
        assert letter.to == [launched.email]
        assert letter.subject == "Čia slaptažodžio neturite"
        assert "/password/" not in letter.body
        launched.refresh_from_db()
        assert not launched.has_usable_password() and launched.email_verified_at is None

    def test_foreign_link_leaves_no_trace_on_them(self, client, launched):
        from allauth.account.utils import user_pk_to_url_str

        response = client.get(f"/lt/password/new/{user_pk_to_url_str(launched)}-abc-def/")
        assert response.status_code == 410
        assert not EmailAddress.objects.exists()

    def test_page_of_changing_says_there_is_nothing_to_change(self, client, launched):
        client.force_login(launched, backend="portal.directory.backends.LaunchBackend")
        for response in (client.get("/lt/password/"), client.post("/lt/password/", {"password1": NEW})):
            assert response.status_code == 200
            assert "Čia slaptažodžio nėra" in response.text
        assert "/lt/password/" not in client.get("/lt/learn/").text
        launched.refresh_from_db()
        assert not launched.has_usable_password()

    def test_address_the_administrator_vouched_for_may_get_a_password(self, client, launched):
        give_address(user=launched, email="Ona@Universitetas.example")
        assert follow(client, link_for(launched)).url == "/lt/learn/"
        assert can_sign_in(launched, NEW)


def test_link_proves_the_address_of_somebody_who_had_not_confirmed_it(client):
    person = UserFactory(proved=False)
    follow(client, link_for(person))
    assert is_in(client)
    person.refresh_from_db()
    assert person.email_verified_at
    assert EmailAddress.objects.get(user=person).verified


def test_link_is_refused_kindly_when_the_address_became_somebody_elses(client):
    person = UserFactory(email="bendras@kelrodis.example", proved=False)
    link = link_for(person)
    UserFactory(email="bendras@kelrodis.example")
    response = follow(client, link)
    assert "priklauso kitai paskyrai" in response.text
    assert not is_in(client)
    person.refresh_from_db()
    assert person.check_password(OLD)


def test_address_proved_by_another_in_this_very_moment_is_an_error_on_the_form(client, monkeypatch):
    person = UserFactory(email="bendras@kelrodis.example", proved=False)
    link = link_for(person)
    UserFactory(email="bendras@kelrodis.example")
    monkeypatch.setattr(people, "is_taken", lambda **asked: False)  # as it was when the form was checked
    response = follow(client, link)
    assert response.status_code == 200 and "priklauso kitai paskyrai" in response.text
    person.refresh_from_db()
    assert person.check_password(OLD) and not is_in(client)


def test_closed_account_gets_no_letter_and_its_link_does_nothing(client, austeja):
    link = link_for(austeja)
    User.objects.filter(pk=austeja.pk).update(is_active=False)
    forget(client, austeja.email)
    assert letters() == []
    assert follow(client, link).url == "/lt/inactive/"
    assert not is_in(client)


def test_letter_is_in_the_persons_language_and_its_link_in_no_row(client):
    reader = UserFactory(preferred_language="en")
    forget(client, reader.email)
    (letter,) = letters()
    assert letter.subject == "A link to a new password"
    link = path_in(letter)
    assert link.startswith("/en/password/new/")
    row = Delivery.objects.get()
    assert link.split("-", 1)[1].strip("/") not in str(row.payload) + row.key


@pytest.mark.parametrize("path", ["/lt/sign-up/confirm/{}/", "/en/password/new/1a-{}/"])
def test_keys_stay_out_of_the_log(path):
    record = logging.LogRecord(
        "django.request", 30, "", 0, "Gone: %s", (path.format("Mw:1abc-secret"),), None
    )
    line = Line().format(record)
    assert "secret" not in line and "[masked]" in line
    plain = logging.LogRecord("x", 30, "", 0, "%s at /lt/password/new/1-set-password/ %d%%", ("a", 5), None)
    assert Line().format(plain) == "a at /lt/password/new/1-set-password/ 5%"


class TestChanging:
    """A signed-in person changes the password."""

    def change(self, browser, old=OLD, new=NEW):
        return browser.post("/lt/password/", {"oldpassword": old, "password1": new})

    def test_it_is_changed_and_only_this_session_stays(self, as_austeja, austeja):
        elsewhere = Client()
        elsewhere.force_login(austeja, backend=BACKEND)
        assert "/lt/password/" in as_austeja.get("/lt/learn/").text
        assert self.change(as_austeja).url == "/lt/learn/"
        assert as_austeja.get("/lt/learn/").status_code == 200
        assert elsewhere.get("/lt/learn/").status_code == 302
        assert can_sign_in(austeja, NEW)
        assert [letter.subject for letter in letters()] == ["Jūsų slaptažodis pakeistas"]

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [("ne-tas", NEW, "oldpassword"), ("", NEW, "oldpassword"), (OLD, "1", "password1")],
    )
    def test_wrong_present_or_weak_new_one_is_refused(self, as_austeja, austeja, old, new, field):
        assert field in self.change(as_austeja, old, new).context["form"].errors
        assert can_sign_in(austeja, OLD)
        assert letters() == []

    def test_guessing_the_present_one_is_soon_stopped(self, as_austeja):
        for number in range(5):
            assert self.change(as_austeja, f"spėjimas-{number}").status_code == 200
        assert self.change(as_austeja).status_code == 429
