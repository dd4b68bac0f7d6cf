"""Data-privacy launches: one page, nothing written, and nobody's data but those the platform itself brought about."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiDeployment, LtiMembership, LtiResourceLink, LtiUser
from wagtail.models import Site

from courses.models import Enrolment
from lti.flows import tickets
from lti.flows.registering import our_registration
from lti.models import EntryTicket, GradeLine, Roster, RosterMember
from portal.content.models import Branding
from portal.directory.models import User
from portal.keeping.models import Erasure, Export
from tests.factories.lti import LTI, MEMBERSHIP, Launcher, Platform
from tests.factories.people import UserFactory
from tests.lti.privacy import (
    ADMINISTRATOR,
    PAGE,
    PRIVACY,
    WISH,
    ask,
    asks_as_administrator,
    otherwise,
    settle,
    shown,
)

pytestmark = pytest.mark.django_db
MODELS = (User, LtiUser, LtiContext, LtiMembership, LtiResourceLink, Enrolment, GradeLine, LtiDeployment)


def counts():
    return [model.objects.count() for model in MODELS]


def test_who_asks_about_themselves_sees_numbers_and_finds_their_data(came, asking):
    page = shown(asking, ask(asking))
    assert "Kas apie jus saugoma" in page and "Mokymosi platformos" in page
    assert 'action="/lt/my-data/export/"' in page and 'href="/lt/my-data/erase/"' in page
    assert asking.client.get("/lt/my-data/").status_code == 200
    asking.client.post("/lt/my-data/export/")
    assert Export.objects.get().user == came
    assert asking.client.post("/lt/my-data/erase/", {"understood": "on"}).status_code == 302
    assert Erasure.objects.get().cause == "wish"


def test_the_page_opens_in_the_launchs_language(came, asking):
    response = ask(asking, launch_presentation={"locale": "en"})
    assert response["Location"] == "/en/platform-data/"
    page = asking.client.get("/en/platform-data/").content.decode()
    assert "What is kept of you" in page and "Until the person asks to be erased." in page


def test_it_names_whom_to_write_to_and_how_long_all_is_kept(came, asking, moodle, settings):
    settings.RETENTION = {"dormant": 730}
    site = Site.objects.get()
    Branding.objects.create(
        site=site, contact_lt="Vilniaus g. 1\nVilnius", email="duomenys@biblioteka.example"
    )
    page = shown(asking, ask(asking))
    assert "mailto:duomenys@biblioteka.example" in page and "Vilniaus g. 1<br>Vilnius" in page
    assert "730 dienų" in page and "365 dienas" in page
    moodle.registration.settings.keep_months = 18
    moodle.registration.settings.save()
    assert "18 mėnesių" in asking.client.get(PAGE).content.decode()


def test_nothing_else_is_opened_and_nothing_written(came, asking):
    before = counts()
    shown(asking, ask(asking))
    shown(asking, asks_as_administrator(asking, "2001"))
    shown(asking, asks_as_administrator(asking, "never-came"))
    assert counts() == before
    assert asking.client.get("/lt/class/").status_code in {302, 404}


@pytest.mark.parametrize("role", ["Instructor", "Administrator"])
def test_a_session_about_oneself_has_no_class_and_no_picker_whatever_the_roles(came, asking, role):
    shown(asking, ask(asking, roles=[MEMBERSHIP + role, ADMINISTRATOR]))
    launch = asking.client.session["launch"]
    assert (launch["role"], launch["course"], launch["context"]) == ("none", "", None)
    assert asking.client.get("/lt/class/").status_code == 404
    assert "change_url" not in launch


def test_somebody_unknown_is_told_that_nothing_is_kept_and_is_not_made(asking, quiz):
    before = counts()
    page = shown(asking, ask(asking, sub="never-came"))
    assert (
        "Apie jus čia nieko nesaugoma." in page
        and "<form" not in page.partition("<main")[2].partition("</main>")[0]
    )
    assert counts() == before and "_auth_user_id" not in asking.client.session
    assert asking.client.post(WISH).status_code == 302
    settle()
    assert not Erasure.objects.exists()


def test_a_message_without_a_person_shows_the_general_page(asking, quiz):
    page = shown(asking, ask(asking, remove=("sub",)))
    assert "Kas saugoma apie šios platformos žmones" in page and 'id="person"' not in page
    assert asking.client.post(WISH).status_code == 404


def test_an_administrator_of_the_platform_sees_numbers_and_may_only_pass_a_wish_on(came, asking):
    page = shown(asking, asks_as_administrator(asking, "2001"))
    assert "2001" in page and "Ona" not in page and "@" not in page
    assert "my-data" not in page and f'action="{WISH}"' in page
    assert "_auth_user_id" not in asking.client.session
    assert asking.client.get("/lt/my-data/").status_code == 302
    assert asking.client.post("/lt/my-data/export/").status_code == 302 and not Export.objects.exists()


@pytest.mark.parametrize(
    "roles", [[], [MEMBERSHIP + "Instructor"], [MEMBERSHIP + "Administrator"], ["Administrator"]]
)
def test_nobody_but_an_administrator_of_the_institution_asks_about_another(came, asking, refused, roles):
    refused.start()
    response = ask(asking, about="2001", sub="3003", roles=roles)
    refused(response, "about_another_by_no_administrator", status=403)


@pytest.mark.parametrize("value", ["2001", [], {}, {"user_id": 5}, {"user_id": ""}, {"user_id": "x" * 300}])
def test_a_person_who_is_not_named_rightly_is_refused(asking, quiz, refused, value):
    refused.start()
    response = ask(asking, roles=[ADMINISTRATOR], **{LTI + "for_user": value})
    refused(response, "for_user_without_an_identifier")


def test_an_identifier_of_another_platform_is_nobody(came, network):
    """L50: what a platform calls its people says nothing of another's."""
    other = Launcher(Platform("https://kitas.example", network, client_id="k"), Client())
    page = shown(other, asks_as_administrator(other, "2001"))
    assert "Apie šį asmenį čia nieko nesaugoma." in page
    other.client.post(WISH)
    settle()
    assert not Erasure.objects.exists()
    page = shown(other, ask(other, sub="2001"))
    assert "nieko nesaugoma" in page and "_auth_user_id" not in other.client.session


@pytest.mark.parametrize("how", ["password", "role", "work", "address", "platform", "closed"])
def test_an_account_used_otherwise_is_not_entered_and_only_what_the_platform_brought_is_counted(
    came, asking, network, how
):
    otherwise(came, how, network)
    page = shown(asking, ask(asking))
    assert "_auth_user_id" not in asking.client.session and "my-data/erase" not in page
    assert "Mokymosi platformos" in page and page.count("įraš") >= 1
    numbers = page.partition('class="kept-numbers"')[2].partition("</dl>")[0]
    assert numbers.count("<dt>") == 1
    same = shown(asking, asks_as_administrator(asking, "2001"))
    assert same.partition('class="kept-numbers"')[2].partition("</dl>")[0] == numbers
    asking.client.post(WISH)
    settle()
    assert Erasure.objects.get().state == "proposed"


@pytest.mark.parametrize(("about", "word"), [("77", "šio asmens nebelieka"), (None, "jūsų nebelieka")])
def test_of_whom_only_a_list_tells_it_is_said_why_there_is_no_button(came, asking, about, word):
    roster = Roster.objects.create(context=LtiContext.objects.get(), read_at=now())
    RosterMember.objects.create(roster=roster, subject="77", given_name="Jonas", role="learner")
    answer = asks_as_administrator(asking, about) if about else ask(asking, sub="77")
    page = shown(asking, answer)
    assert word in page and f'action="{WISH}"' not in page and "Jonas" not in page


def test_who_asks_about_somebody_without_being_named_is_told_that(came, asking, refused):
    refused.start()
    response = ask(asking, about="0", remove=("sub",))
    refused(response, "about_somebody_by_nobody_named", status=403)
    page = response.content.decode()
    assert "Mokymosi platforma nenurodė, kas klausia" in page and "kitą asmenį" not in page


def test_somebody_elses_session_in_the_browser_is_dropped(came, asking):
    rasa = UserFactory()
    asking.client.force_login(rasa, backend="portal.directory.backends.EmailBackend")
    shown(asking, asks_as_administrator(asking, "2001"))
    assert "_auth_user_id" not in asking.client.session


def test_the_page_ends_with_the_platform_the_deployment_and_the_next_launch(came, asking, moodle, ona):
    shown(asking, asks_as_administrator(asking, "2001"))
    deployment = LtiDeployment.objects.get()
    for row in (deployment, moodle.registration):
        type(row).objects.filter(pk=row.pk).update(is_active=False)
        assert asking.client.get(PAGE).status_code == 404 and asking.client.post(WISH).status_code == 404
        type(row).objects.filter(pk=row.pk).update(is_active=True)
    assert asking.client.get(PAGE).status_code == 200
    asking.activity = ona.activity
    assert asking.launch().status_code == 302
    assert asking.client.get(PAGE).status_code == 404


def test_in_a_frame_the_page_may_be_framed_and_its_session_is_short(came, asking):
    begun = asking.begin()
    asking.dest = "iframe"
    told = {"message_type": PRIVACY, "roles": [ADMINISTRATOR], LTI + "for_user": {"user_id": "2001"}}
    claims = asking.platform.claims(begun.nonce, None, "9001", **told)
    response = asking.post(asking.platform.sign(claims), begun.state)
    assert response["Location"] == PAGE and response.cookies["sessionid"]
    page = asking.client.get(PAGE, headers=asking.headers)
    assert "frame-ancestors https://moodle.example" in page["Content-Security-Policy"]
    assert 0 < asking.client.session.get_expiry_age() <= 3600


def test_in_a_tab_of_its_own_staff_may_sign_in_after_it(came, asking):
    asks_as_administrator(asking, "2001")
    assert "launch" not in asking.client.session


def test_the_drafts_name_of_the_message_is_answered_too(came, asking):
    assert "Kas apie jus saugoma" in shown(asking, ask(asking, message_type="DataPrivacyLaunchRequest"))
    told = {LTI + "for_user": {"id": "2001"}}
    page = shown(asking, ask(asking, sub="9001", roles=[ADMINISTRATOR], **told))
    assert "2001" in page


def test_it_is_announced_to_platforms(quiz):
    tool = our_registration()["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert "LtiDataPrivacyLaunchRequest" in [message["type"] for message in tool["messages"]]


def test_where_no_cookie_lives_it_goes_on_in_a_new_tab(came, moodle):
    """Nobody is signed in by the ticket; it holds whom the launch asks about."""
    facts = {"privacy": {"registration": moodle.registration.pk, "deployment": LtiDeployment.objects.get().pk,
                         "about": "2001", "own": False}, "origins": [], "language": "lt"}  # fmt: skip
    ticket = tickets.issue(user=None, registration=moodle.registration, facts=facts, url=PAGE)
    browser = Client()
    same = {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}
    response = browser.post("/lti/enter/", {"ticket": ticket}, headers=same)
    assert response.status_code == 302 and response["Location"] == PAGE
    assert browser.get(PAGE).status_code == 200 and "_auth_user_id" not in browser.session
    assert EntryTicket.objects.get().facts == {}


def test_without_such_a_launch_there_is_no_page(client, quiz):
    assert client.get(PAGE).status_code == 404 and client.post(WISH).status_code == 404
    assert not Session.objects.exists()
