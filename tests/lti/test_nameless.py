"""Somebody of whom the platform tells neither name nor address: learns as all do, and no list shows a gap or a code."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from lti_tool.models import LtiUser
from wagtail.users.models import UserProfile

from portal.attention import concerns_of
from portal.directory.flows import roles
from portal.directory.models import Role, User
from portal.keeping.flows import erasing, exporting
from portal.outbox.delivering import run_due
from tests.factories.courses import make_course
from tests.factories.lti import MEMBERSHIP, Launcher
from tests.factories.people import UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SILENT = ("given_name", "family_name", "name", "email")
INTERNAL = re.compile(r">\s*[0-9a-f]{32}\s*<")
PHRASE = {"lt": "Dalyvis", "en": "Learner"}
OF_CLASS = {"lt": "Dalyvis be vardo", "en": "Participant without a name"}


@pytest.fixture
def nameless(ona):
    """Somebody without name and address has come to the quiz; their browser."""
    assert ona.launch(remove=SILENT).status_code == 302
    ona.person = User.objects.get()
    return ona


def test_they_come_in_and_every_page_of_theirs_has_a_word_for_them(nameless):
    person = nameless.person
    assert (person.get_full_name(), person.email, LtiUser.objects.get().email) == ("", None, "")
    for language in ("lt", "en"):
        for address in ("my-data", "learn", "profile"):
            page = nameless.client.get(f"/{language}/{address}/").content.decode()
            assert not INTERNAL.search(page)
        assert PHRASE[language] in nameless.client.get(f"/{language}/my-data/").content.decode()


def test_silence_does_not_take_away_a_name_told_before_and_a_name_told_later_is_kept(ona):
    ona.launch()
    ona.launch(remove=SILENT)
    assert User.objects.get().get_full_name() == "Ona Kazlauskaitė"


@pytest.mark.parametrize("language", ["lt", "en"])
def test_the_class_view_has_a_phrase_and_the_platforms_identifier(moodle, language):
    course = make_course()
    Launcher(moodle, Client(), course.quiz_activity).launch(remove=SILENT)
    teacher = Launcher(moodle, Client(), course.quiz_activity)
    teacher.launch(sub="3001", roles=[MEMBERSHIP + "Instructor"], remove=SILENT)
    page = teacher.client.get(f"/{language}/class/").content.decode()
    assert OF_CLASS[language] in page and "2001" in page
    assert not INTERNAL.search(page) and f"{User.objects.first().uuid}</" not in page


@pytest.fixture
def rasa(client):
    """Rasa, an administrator, signed in."""
    person = UserFactory(first_name="Rasa", last_name="Gintautė")
    roles.grant(user=person, role=Role.ADMINISTRATOR, by=None)
    person.refresh_from_db()
    sign_in(client, person)
    client.person = person
    return client


@pytest.mark.parametrize("language", ["lt", "en"])
def test_staff_screens_call_them_by_a_phrase(nameless, rasa, language):
    person = nameless.person
    erasure = erasing.ask(user=person, by=person)
    exporting.ask(user=person)
    run_due()
    UserProfile.objects.update_or_create(user=rasa.person, defaults={"preferred_language": language})
    screens = [
        reverse("wagtailusers_users:index"),
        reverse("wagtailusers_users:edit", args=[person.pk]),
        reverse("erasures:index"),
        reverse("erasures:withdraw", args=[erasure.pk]),
        reverse("deliveries:index"),
        f"/{language}/audit/",
    ]
    for address in screens:
        page = rasa.get(address, follow=True).content.decode()
        assert PHRASE[language] in page, address
        assert person.username not in page and not INTERNAL.search(page), address
    none = {"lt": "adreso nėra", "en": "no address"}[language]
    assert none in rasa.get(screens[0]).content.decode()


def test_the_staffs_home_calls_them_by_a_phrase(nameless, rasa):
    erasing.ask(user=nameless.person, by=nameless.person)
    [concern] = [one for one in concerns_of(rasa.person) if one.url == "/admin/erasures/"]
    assert [entry.title for entry in concern.entries] == ["Dalyvis"]


def test_their_erasure_needs_no_letter(nameless, mailoutbox):
    erasing.ask(user=nameless.person, by=nameless.person, at_once=True)
    while run_due():
        pass
    nameless.person.refresh_from_db()
    assert nameless.person.erased_at and not mailoutbox
