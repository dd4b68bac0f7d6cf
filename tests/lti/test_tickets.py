"""A ticket takes a launch from the frame, where no cookie lives, to a new tab: once, at once, from our page alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now

from lti.models import EntryTicket
from lti.tasks import sweep_launches
from portal.custody import custody
from portal.directory.models import User
from tests.factories.lti import MEMBERSHIP, Launcher
from tests.factories.people import UserFactory
from tests.lti.keeping_platform import begin, enter

INSTRUCTOR = [MEMBERSHIP + "Instructor"]


@pytest.fixture
def framed(moodle, quiz):
    """Ona's browser, with the quiz in Moodle's frame."""
    return Launcher(moodle, Client(), quiz, "iframe")


@pytest.mark.parametrize(("claims", "role"), [({}, "learner"), ({"roles": INSTRUCTOR}, "teacher")])
def test_the_new_tab_is_signed_in_as_a_launch_there_would_be(framed, quiz, claims, role):
    ordinary = Launcher(framed.platform, Client(), quiz)
    ordinary.launch(**claims)
    tab = Client()

    response = enter(begin(framed).ticket(**claims), tab)

    assert response.status_code == 302 and response["Location"] == quiz.page.get_url()
    assert tab.session["launch"] == ordinary.client.session["launch"]
    assert tab.session["launch"]["role"] == role
    assert tab.session["_auth_user_id"] == str(User.objects.get().pk)
    assert tab.session["_auth_user_backend"] == "portal.directory.backends.LaunchBackend"
    assert tab.session.get_expiry_age() == 8 * 3600
    cookie = response.cookies["sessionid"]
    assert cookie["samesite"] == "Lax" and "Partitioned" not in cookie.OutputString()
    assert "no-store" in response["Cache-Control"]
    assert tab.get(response["Location"])["X-Frame-Options"] == "DENY"


def test_the_ticket_is_kept_as_its_hash_and_what_it_held_is_forgotten(framed):
    ticket = begin(framed).ticket()
    row = EntryTicket.objects.get()
    assert ticket not in str(row.__dict__) and row.facts["role"] == "learner"

    enter(ticket)

    row.refresh_from_db()
    assert row.used_at and not row.facts and not row.url


def test_a_ticket_works_once(framed, refused):
    ticket = begin(framed).ticket()
    enter(ticket)
    refused.start()
    refused(enter(ticket), "ticket_used")


def test_of_two_who_come_at_once_one_gets_in(framed):
    begin(framed).ticket()
    row = EntryTicket.objects.get()
    tries = [EntryTicket.objects.all().consume(pk=row.pk, moment=now()) for _time in range(3)]
    assert tries == [True, False, False]


def test_a_late_ticket_is_refused(framed, refused):
    ticket = begin(framed).ticket()
    assert EntryTicket.objects.get().expires_at <= now() + timedelta(minutes=2)
    EntryTicket.objects.update(expires_at=now() - timedelta(seconds=1))
    refused.start()
    refused(enter(ticket), "ticket_expired")


def test_L61_a_ticket_is_not_a_link(framed, refused):
    ticket = begin(framed).ticket()
    refused.start()
    refused(Client().get("/lti/enter/", {"ticket": ticket}), "not_a_post", status=405)
    response = Client().post(f"/lti/enter/?ticket={ticket}", headers={"Origin": "http://localhost:8000"})
    refused(response, "ticket_missing")
    assert enter(ticket).status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "https://moodle.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_L30_another_sites_page_signs_nobody_in_by_a_ticket_of_its_own(framed, refused, headers):
    ticket = begin(framed).ticket()
    refused.start()
    refused(enter(ticket, **headers), "ticket_not_from_our_page")
    assert enter(ticket).status_code == 302


@pytest.mark.parametrize("ticket", ["x", "x" * 43, "ž" * 20])
def test_a_guessed_ticket_is_refused(framed, refused, ticket):
    refused.start()
    refused(enter(ticket), "ticket_unknown")


@pytest.mark.parametrize("ticket", ["", "\x00", "x" * 5000])
def test_what_cannot_be_a_ticket_is_refused(framed, refused, ticket):
    refused.start()
    refused(enter(ticket), "ticket_missing")


def test_L46_a_platform_switched_off_meanwhile_lets_nobody_in(framed, refused):
    ticket = begin(framed).ticket()
    framed.platform.registration.is_active = False
    framed.platform.registration.save()
    refused.start()
    refused(enter(ticket), "platform_disabled", status=403)


def test_a_person_closed_meanwhile_does_not_get_in(framed, refused):
    ticket = begin(framed).ticket()
    User.objects.update(is_active=False)
    refused.start()
    refused(enter(ticket), "person_inactive", status=403)


def test_L62_the_session_key_is_a_new_one(framed):
    tab = Client()
    enter(begin(framed).ticket(), tab)
    first = tab.session.session_key
    enter(begin(framed).ticket(), tab)
    assert tab.session.session_key != first and not Session.objects.filter(session_key=first).exists()


def test_L67_whoever_was_signed_in_in_the_tab_is_not_merged(framed):
    benas = UserFactory(first_name="Benas", last_name="Šalčius")
    tab = Client()
    tab.force_login(benas, backend="portal.directory.backends.EmailBackend")
    tab.session["own"] = "Beno"

    enter(begin(framed).ticket(), tab)

    assert tab.session["_auth_user_id"] != str(benas.pk) and "own" not in tab.session


def test_old_tickets_are_swept_and_an_erased_person_leaves_none(framed):
    begin(framed).ticket()
    EntryTicket.objects.update(expires_at=now() - timedelta(seconds=1))
    begin(framed, login_hint="2001").ticket()

    assert sweep_launches() == 1 and EntryTicket.objects.count() == 1
    custody.holdings["platforms"].erase(User.objects.get())
    assert not EntryTicket.objects.exists()
