"""The list of participants: when it is read, what of it is kept, who is no longer a member."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.timezone import now
from freezegun import freeze_time
from lti_tool.models import LtiContext, LtiMembership, LtiUser

from lti.flows import rosters
from lti.keeping import export
from lti.models import Roster, RosterMember
from portal.directory.models import User
from portal.keeping.flows import retention
from portal.outbox.models import Delivery
from tests.factories.lti import MEMBERSHIP, Launcher, Platform
from tests.lti.grading import OK, SCORES, TOKEN, deliver, graded
from tests.lti.rosters import (
    JONAS,
    LISTED_RASA,
    MEMBERS,
    NRPS,
    OFFERED,
    ONA,
    RASA,
    TEACHER,
    listed,
    member,
    members,
    page,
    read,
)
from tests.queries import counted


@pytest.fixture
def rasa(moodle, quiz, network):
    """Rasa, who teaches, in her browser; the platform offers its list."""
    network.answers[MEMBERS] = page(LISTED_RASA, ONA, JONAS)
    return Launcher(moodle, Client(), quiz)


def later(minutes):
    return freeze_time(now() + timedelta(minutes=minutes), tick=True)


def read_again(network, *people):
    """Read the list once more, as it is with these people on it."""
    network.answers[MEMBERS] = page(*people)
    rosters.ask(context=LtiContext.objects.get(), every=timedelta(0))
    return read()


def test_a_teachers_launch_has_the_list_read_by_a_worker_not_by_the_request(rasa, network):
    rasa.launch(**RASA, **OFFERED)
    assert not network.to(MEMBERS)

    roster = read()

    assert listed() == {"3001", "2001", "2002"} and roster.problem == "" and roster.read_at
    (call,) = network.to(MEMBERS)
    assert call["url"] == MEMBERS  # above all without a limit, for Moodle then forgets other wishes
    assert call["headers"]["Accept"] == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    scope = parse_qs(network.to(TOKEN)[-1]["body"].decode())["scope"]
    assert scope == ["https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"]
    assert Delivery.objects.get().last_status == "read"


def test_a_learners_launch_asks_for_no_list_but_keeps_its_address(ona):
    ona.launch(**OFFERED)
    assert LtiContext.objects.get().memberships_url == MEMBERS
    assert not Roster.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize("url", [None, 5, "", "file:///etc/passwd", "javascript:alert(1)", "//x/y", {}])
def test_A25_a_list_at_no_web_address_is_not_asked_for(rasa, url):
    rasa.launch(**RASA, **{NRPS: {"context_memberships_url": url}})
    assert not Delivery.objects.exists()


def test_teachers_launches_read_the_list_at_most_every_ten_minutes(rasa, network):
    rasa.launch(**RASA, **OFFERED)
    read()
    rasa.launch(**RASA, **OFFERED)
    read()
    assert len(network.to(MEMBERS)) == 1
    with later(11):
        rasa.launch(**RASA, **OFFERED)
        read()
    assert len(network.to(MEMBERS)) == 2


def test_a_returning_teachers_launch_asks_the_database_for_one_thing_more(rasa, ona):
    for browser, who in ((ona, {}), (rasa, RASA)):
        browser.launch(**who, **OFFERED)
    read()
    taken = []
    for browser, who in ((ona, {}), (rasa, RASA)):
        with counted() as statements:
            browser.launch(**who, **OFFERED)
        taken.append(statements)
    learner, teacher = taken
    extra = [sql for sql in teacher if "lti_roster" in sql]
    assert len(extra) == 1 and extra[0].startswith("SELECT") and len(teacher) <= len(learner) + 1


def test_whoever_has_never_come_has_no_account_and_no_address_here(rasa):
    rasa.launch(**RASA, **OFFERED)
    read()
    assert User.objects.count() == LtiUser.objects.count() == LtiMembership.objects.count() == 1
    jonas = RosterMember.objects.get(subject="2002")
    assert (jonas.given_name, jonas.family_name, jonas.role) == ("Jonas", "Žukauskas", "learner")
    kept = json.dumps(list(RosterMember.objects.values()) + list(Delivery.objects.values("payload")))
    assert "@" not in kept


def test_whoever_is_missing_from_a_complete_list_is_no_member_until_they_come_again(ona, rasa, network):
    ona.launch(**OFFERED)
    rasa.launch(**RASA, **OFFERED)
    read()
    assert members() == {"2001", "3001"}

    read_again(network, LISTED_RASA, JONAS)

    assert members() == {"3001"} and listed() == {"3001", "2002"}
    assert ona.launch(**OFFERED).status_code == 302  # a launch is never refused for it
    assert members() == {"2001", "3001"}


def test_whoever_is_on_the_list_again_is_a_member_again(ona, rasa, network):
    ona.launch(**OFFERED)
    rasa.launch(**RASA, **OFFERED)
    read()
    read_again(network, LISTED_RASA)
    read_again(network, LISTED_RASA, ONA)
    assert members() == {"2001", "3001"}


@pytest.mark.parametrize("status", ["Deleted", "Inactive"])
def test_A23_a_deleted_or_inactive_member_is_no_member(ona, rasa, network, status):
    ona.launch(**OFFERED)
    rasa.launch(**RASA, **OFFERED)
    read()
    read_again(network, LISTED_RASA, ONA | {"status": status}, JONAS | {"status": status})
    assert members() == listed() == {"3001"}


def test_a_grade_of_somebody_who_left_waits_and_goes_when_they_come_again(launched, rasa, network):
    launched.launch(**OFFERED)
    rasa.launch(**RASA, **OFFERED)
    read()
    read_again(network, LISTED_RASA)
    graded(user=User.objects.get(lti_users__sub="2001"))
    delivery = deliver()
    assert (delivery.state, delivery.last_status) == ("pending", "not listed") and not network.to(SCORES)

    launched.launch(**OFFERED)
    network.answers[SCORES] = OK
    Delivery.objects.update(next_at=now())

    assert deliver().state == "sent" and len(network.to(SCORES)) == 1


def test_a_list_that_says_learner_takes_no_role_seen_at_a_launch(rasa, network):
    network.answers[MEMBERS] = page(LISTED_RASA | {"roles": ["Learner"]})  # Moodle's non-editing teacher
    rasa.launch(**RASA, **OFFERED)
    read()
    assert LtiMembership.objects.get().is_instructor and not LtiMembership.objects.get().is_learner


def test_a_list_that_says_instructor_makes_nobody_a_teacher(ona, rasa, network):
    ona.launch(**OFFERED)
    network.answers[MEMBERS] = page(LISTED_RASA, ONA | {"roles": ["Instructor", TEACHER[0]]})
    rasa.launch(**RASA, **OFFERED)
    read()
    membership = LtiMembership.objects.get(user__sub="2001")
    assert membership.is_learner and not membership.is_instructor


def test_a_teacher_whom_no_list_ever_named_is_not_missing_from_it(rasa, network):
    rasa.launch(**RASA | {"sub": "2"}, **OFFERED)  # the platform's administrator
    read()
    assert members() == {"2"} and "2" not in listed()


def test_a_teacher_who_was_on_the_list_and_is_no_more_is_no_member(rasa, network):
    rasa.launch(**RASA, **OFFERED)
    read()
    read_again(network, ONA)
    assert members() == set()


def test_whoever_comes_while_the_list_is_being_read_stays(ona, rasa, network):
    def meanwhile(**_request):
        ona.launch(**OFFERED)
        return page(LISTED_RASA)

    rasa.launch(**RASA, **OFFERED)
    network.answers[MEMBERS] = meanwhile
    read()
    assert members() == {"2001", "3001"}


def test_a_reading_that_comes_late_changes_nothing(rasa, network):
    def meanwhile(**_request):
        Roster.objects.update(round=2)  # asked for anew
        return page(ONA)

    rasa.launch(**RASA, **OFFERED)
    network.answers[MEMBERS] = meanwhile
    roster = read()
    assert listed() == set() and roster.read_at is None
    assert Delivery.objects.get().state == "superseded"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        (["Learner"], "learner"),
        ([MEMBERSHIP + "Learner"], "learner"),
        (["Instructor", "Learner"], "teacher"),
        (["http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"], "teacher"),
        (["Mentor"], "other"),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], "other"),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"], "other"),
        ([], "learner"),
    ],
)
def test_short_and_full_roles_are_read_as_those_of_the_context(rasa, network, roles, role):
    network.answers[MEMBERS] = page(JONAS | {"roles": roles})
    rasa.launch(**RASA, **OFFERED)
    read()
    assert RosterMember.objects.get().role == role


def test_A22_members_without_names_roles_or_status_are_active_learners(rasa, network):
    network.answers[MEMBERS] = page({"user_id": "9"}, {"user_id": "10", "roles": None, "name": 7})
    rasa.launch(**RASA, **OFFERED)
    read()
    rows = set(RosterMember.objects.values_list("subject", "given_name", "family_name", "role"))
    assert rows == {("9", "", "", "learner"), ("10", "", "", "learner")}


def test_A21_somebody_named_twice_is_one_person(rasa, network):
    network.answers[MEMBERS] = page(
        ONA | {"status": "Inactive", "roles": ["Learner"]}, member("2001", "", "", roles=["Instructor"])
    )
    rasa.launch(**RASA, **OFFERED)
    read()
    row = RosterMember.objects.get()
    assert (row.given_name, row.role) == ("Ona", "teacher")


def test_names_from_outside_are_cleaned(rasa, network):
    network.answers[MEMBERS] = page(member("5", "\u202eOna\x00", "K" * 4000))
    rasa.launch(**RASA, **OFFERED)
    read()
    row = RosterMember.objects.get()
    assert row.given_name == "Ona" and row.family_name == "K" * 150


def test_L50_the_same_identifiers_on_two_platforms_and_in_two_contexts_do_not_mix(rasa, ona, network, quiz):
    kolegija = Launcher(Platform("https://kolegija.example", network), Client(), quiz)
    theirs = MEMBERS.replace("moodle", "kolegija")
    network.answers[theirs] = page(LISTED_RASA | {"given_name": "Ramunė"}, JONAS)
    for browser in (Launcher(kolegija.platform, Client(), quiz), ona):
        browser.launch(**OFFERED)  # Ona of the one and Ona of the other
    rasa.launch(**RASA, **OFFERED)
    kolegija.launch(**RASA, **{NRPS: {"context_memberships_url": theirs}})
    other = {"id": "13", "label": "INF1", "title": "Informacinis raštingumas"}
    ona.launch(context=other, **OFFERED)
    deliver()

    names = set(
        RosterMember.objects.filter(subject="3001").values_list(
            "roster__context__deployment__registration__issuer", "given_name"
        )
    )
    assert names == {("https://moodle.example", "Rasa"), ("https://kolegija.example", "Ramunė")}
    gone = LtiMembership.objects.get(is_active=False)
    assert urlsplit(gone.user.registration.issuer).hostname == "kolegija.example"
    assert LtiMembership.objects.get(context__id_on_platform="13").is_active


def test_lists_go_a_year_after_they_were_last_read(rasa):
    rasa.launch(**RASA, **OFFERED)
    read()
    assert retention.run().removed["rosters"] == 0
    Roster.objects.update(read_at=now() - timedelta(days=366))
    assert retention.run().removed["rosters"] == 1
    assert not RosterMember.objects.exists() and LtiMembership.objects.get().is_active


def test_an_erased_person_goes_from_the_lists_of_their_platform_alone(rasa, ona, network, quiz):
    from lti.keeping import erase

    ona.launch(**OFFERED)
    rasa.launch(**RASA, **OFFERED)
    kolegija = Launcher(Platform("https://kolegija.example", network), Client(), quiz)
    theirs = MEMBERS.replace("moodle", "kolegija")
    network.answers[theirs] = page(ONA, JONAS)
    kolegija.launch(**RASA, **{NRPS: {"context_memberships_url": theirs}})
    deliver()
    user = User.objects.get(lti_users__sub="2001")
    assert [row["family_name"] for row in export(user)["lists"]] == ["Kazlauskaitė"]

    erase(user)

    left = RosterMember.objects.filter(subject="2001")
    assert left.get().roster.context.deployment.registration.issuer == "https://kolegija.example"
    assert erase(user) == 0
