"""The class view: who is in the class, where they are, where their grades are, and to whom it is shown."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiMembership

from lti.models import Roster
from lti.views import classwords
from portal.outbox.models import Delivery
from tests.factories.courses import make_course
from tests.factories.lti import MEMBERSHIP, Launcher, Platform, answer
from tests.lti.classes import CLASS, come, delivery, done, line, page_text, rows, scored
from tests.lti.rosters import (
    JONAS,
    LISTED_RASA,
    MEMBERS,
    NRPS,
    OFFERED,
    ONA,
    RASA,
    member,
    page,
    read,
    teaching,
)
from tests.queries import counted


@pytest.fixture
def rasa(moodle, course, network):
    """Rasa's browser: she teaches, and the list with Ona and Jonas on it has been read."""
    return teaching(network, moodle, course.quiz_activity, ONA, JONAS)


@pytest.fixture
def ona(rasa, course):
    """Ona, who has come by a launch of the class."""
    return come(course, "2001")


def shown(rasa, query=""):
    return rows(rasa.client.get(CLASS + query))


# Who is in it, and where they are ----------------------------------------------------------------


def test_the_class_shows_where_those_are_who_came_and_who_has_not_come(rasa, ona, course):
    done(ona, course.lesson_activity(0))
    scored(ona, course.quiz_activity, "3")
    scored(ona, course.quiz_activity, "4", preview=True)

    first, second = shown(rasa)

    assert first.startswith("Ona Kazlauskaitė 1 of 3 done · last: ") and "75%" in first
    assert second == "Jonas Žukauskas has not come yet"
    whole = page_text(rasa.client.get(CLASS))
    assert "2 participants · 1 has begun · Teachers: Rasa Stonkutė" in whole
    assert "List of participants of the learning platform, read" in whole
    assert "Kitoks Vardas" not in whole  # the name of an account here is nobody's affair


def test_whoever_came_but_has_done_nothing_or_has_not_begun_this_course(rasa, ona, course):
    come(course, "2002", "Jonas", "Žukauskas", begun=False)
    first, second = shown(rasa)
    assert "nothing done yet" in first and second.endswith("has not come yet")


def test_whoever_left_is_shown_so_and_is_not_missed(rasa, ona):
    LtiMembership.objects.filter(user=ona).update(is_active=False)
    assert "no longer on the list" in shown(rasa)[0]
    assert [row for row in shown(rasa, "?show=absent") if "Ona" in row] == []


def test_people_are_in_lithuanian_order_and_the_nameless_last(rasa, ona, course, network):
    for number, (given, family) in enumerate(
        [("Ąžuolas", "Čepas"), ("Zita", "Cibulskytė"), ("", ""), ("Yla", "Įsrutytė")]
    ):
        come(course, f"9{number}", given, family)
    names = [re.split(" (?:Atlikta|dar)", text)[0] for text in rows(rasa.client.get("/lt/class/"))]
    assert names == [
        "Zita Cibulskytė",
        "Ąžuolas Čepas",
        "Yla Įsrutytė",
        "Ona Kazlauskaitė",
        "Jonas Žukauskas",
        "Dalyvis be vardo 92",
    ]


def test_a_teacher_by_the_latest_launch_is_no_participant_whatever_the_list_says(rasa, network):
    assert all("Rasa" not in row for row in shown(rasa))


def test_a_completed_course_is_said(rasa, ona, course):
    from courses.models import ActivityVersion, Completion

    Completion.objects.create(
        enrolment=ona.auth_user.enrolments.get(),
        course_version=ActivityVersion.objects.filter(activity=course.activity).latest("pk"),
        evidence=[],
    )
    assert "completed the course" in shown(rasa)[0]


def test_filters_and_order_stand_in_the_address(rasa, ona, course):
    zita = come(course, "2003", "Zita", "Abromaitė")
    done(zita, course.lesson_activity(0))
    delivery(line(ona, course.quiz_activity), "dead", "http 400")
    assert [row.split()[0] for row in shown(rasa)] == ["Zita", "Ona", "Jonas"]
    assert [row.split()[0] for row in shown(rasa, "?sort=progress")] == ["Jonas", "Ona", "Zita"]
    assert [row.split()[0] for row in shown(rasa, "?show=absent")] == ["Jonas"]
    assert [row.split()[0] for row in shown(rasa, "?show=not_arrived")] == ["Ona"]
    whole = page_text(rasa.client.get(CLASS))
    assert "All 3 Not come yet 1 Grade not arrived 1" in whole


@pytest.mark.parametrize(
    "query", ["?show=x", "?sort=password", "?show=", "?page=99999", "?page=-1", "?show=%00"]
)
def test_F01_F04_an_odd_address_shows_the_class(rasa, query):
    assert len(shown(rasa, query)) == 2


def test_nobody_fits_and_nobody_is_there(rasa, ona, course, network):
    come(course, "2002", "Jonas", "Žukauskas")
    assert "Everybody has come." in page_text(rasa.client.get(CLASS + "?show=absent"))
    assert "No grade is missing" in page_text(rasa.client.get(CLASS + "?show=not_arrived"))


def test_without_a_list_only_those_who_came_are_shown_and_no_button(moodle, course, network):
    rasa = Launcher(moodle, Client(), course.quiz_activity)
    rasa.launch(**RASA)
    empty = page_text(rasa.client.get(CLASS))
    assert "does not share its list" in empty and "Nobody has come yet." in empty
    assert "Read the list anew" not in empty
    come(course, "2001")
    assert len(shown(rasa)) == 1
    assert rasa.client.post("/en/class/read/").status_code == 404


def test_a_list_not_yet_read_is_said(moodle, course, network):
    rasa = Launcher(moodle, Client(), course.quiz_activity)
    rasa.launch(**RASA, **OFFERED)
    text = page_text(rasa.client.get(CLASS))
    assert "The list of participants is being read." in text and "when the list has been read" in text


def test_a_list_that_could_not_be_read_is_told_in_words_and_the_former_one_stays(rasa, network):
    network.answers[MEMBERS] = answer(403)
    Roster.objects.update(asked_at=None)
    assert rasa.client.post("/en/class/read/").status_code == 302
    read()
    response = rasa.client.get(CLASS)
    text = page_text(response)
    assert "could not be read. The learning platform does not let us read the list." in text
    assert "you see the list as it was read before" in text and len(rows(response)) == 2


def test_the_list_is_read_anew_by_a_button_once_a_minute(rasa, network):
    asked = len(network.to(MEMBERS))
    assert "asked for less than a minute ago" in page_text(rasa.client.post("/en/class/read/", follow=True))
    Roster.objects.update(asked_at=None)
    network.answers[MEMBERS] = page(LISTED_RASA, JONAS)
    response = rasa.client.post("/en/class/read/?show=absent")
    assert response["Location"] == "/en/class/?show=absent" and len(network.to(MEMBERS)) == asked
    read()
    assert shown(rasa) == ["Jonas Žukauskas has not come yet"]


@pytest.mark.parametrize("problem", [*classwords.PROBLEMS, "unreadable", "status", "of a later release"])
@pytest.mark.parametrize("language", ["lt", "en"])
def test_every_reason_of_a_list_is_a_sentence_in_both_languages(rasa, problem, language):
    Roster.objects.update(problem=problem)
    assert rasa.client.get(f"/{language}/class/").status_code == 200
    said = classwords.roster_words(Roster.objects.get(), offered=True).problem
    assert said.endswith(".") and len(said) > 20


# How many queries --------------------------------------------------------------------------------


def test_P14_a_class_of_60_takes_the_queries_of_a_class_of_3(rasa, ona, course, network):
    def fill(first, last):
        for number in range(first, last):
            person = come(course, f"5{number}", "Jonas", f"Žukauskas{number}")
            done(person, course.lesson_activity(0))
            scored(person, course.quiz_activity, "3")
            delivery(line(person, course.quiz_activity), "dead", "http 400")

    fill(0, 3)
    rasa.client.get(CLASS)
    with counted() as few:
        assert len(shown(rasa)) == 5
    fill(3, 60)
    with counted() as many:
        assert len(shown(rasa)) == 50  # a page
    assert len(few) == len(many) <= 20, "\n".join(many)
    assert len(shown(rasa, "?page=2")) == 12


def test_P14_sixty_who_never_came_cost_no_more(rasa, network):
    rasa.client.get(CLASS)
    with counted() as few:
        shown(rasa)
    network.answers[MEMBERS] = page(LISTED_RASA, *(member(f"7{n}", "Ona", f"P{n}") for n in range(60)))
    Roster.objects.update(asked_at=None)
    rasa.client.post("/en/class/read/")
    read()
    rasa.client.get(CLASS)
    with counted() as many:
        assert len(shown(rasa)) == 50
    assert len(few) == len(many)


# Who may see it ----------------------------------------------------------------------------------


def test_a_learner_of_the_class_does_not_get_it_nor_its_buttons(rasa, moodle, course):
    ona = Launcher(moodle, Client(), course.quiz_activity)
    ona.launch(**OFFERED)
    person = ona.client.get(CLASS)
    assert person.status_code == 404
    for address in ("read/", "send/", "send/00000000-0000-4000-8000-000000000000/"):
        assert ona.client.post(CLASS + address).status_code == 404
    assert "/lt/class/" not in ona.client.get(course.quiz.url).content.decode()


def test_a_teacher_finds_the_way_there_in_the_frame_and_out_of_it(rasa, course):
    for address in (course.quiz.url, course.page.url, course.lessons[0].url):
        assert 'href="/lt/class/"' in rasa.client.get(address).content.decode()
    rasa.dest = "iframe"
    rasa.client.cookies["kelrodis_frame"] = "1"
    rasa.launch(**RASA, **OFFERED)
    response = rasa.client.get("/lt/class/")
    assert response.status_code == 200
    assert "frame-ancestors https://moodle.example" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("max-age=0") or "no-store" in response["Cache-Control"]


def test_L60_whoever_is_no_teacher_any_more_by_another_launch_loses_the_class_at_once(rasa, moodle, course):
    elsewhere = Launcher(moodle, Client(), course.quiz_activity)
    elsewhere.launch(**RASA | {"roles": [MEMBERSHIP + "Learner"]}, **OFFERED)
    assert rasa.client.get(CLASS).status_code == 404


def test_a_teacher_whom_the_list_names_no_more_loses_the_class_until_they_come_again(rasa, network):
    network.answers[MEMBERS] = page(ONA)
    Roster.objects.update(asked_at=None)
    rasa.client.post("/en/class/read/")
    read()
    assert rasa.client.get(CLASS).status_code == 404
    rasa.launch(**RASA, **OFFERED)
    assert rasa.client.get(CLASS).status_code == 200


def test_a_platform_or_deployment_that_was_switched_off_shows_no_class(rasa):
    registration = rasa.platform.registration
    registration.deployments.update(is_active=False)
    assert rasa.client.get(CLASS).status_code == 404
    registration.deployments.update(is_active=True)
    registration.is_active = False
    registration.save()
    assert rasa.client.get(CLASS).status_code == 404


def test_the_class_is_that_of_the_latest_launch_and_of_its_course(rasa, ona, course, moodle):
    other = make_course("kitas")
    rasa.activity = other.quiz_activity
    rasa.launch(**RASA, **OFFERED)
    assert all("has not come yet" in row for row in shown(rasa))  # Ona has begun the first course alone
    rasa.activity = course.quiz_activity
    rasa.launch(
        **RASA, **{NRPS: {"context_memberships_url": MEMBERS + "?x"}}, context={"id": "13", "title": "Kitas"}
    )
    assert "Nobody is here yet" in page_text(rasa.client.get(CLASS))


def test_L50_two_platforms_with_the_same_names_and_identifiers_do_not_see_each_others_people(
    rasa, ona, course, network
):
    kolegija = Launcher(Platform("https://kolegija.example", network), Client(), course.quiz_activity)
    theirs = MEMBERS.replace("moodle", "kolegija")
    network.answers[theirs] = page(LISTED_RASA, ONA, JONAS | {"family_name": "Kitas"})
    kolegija.launch(**RASA, **{NRPS: {"context_memberships_url": theirs}})
    Delivery.objects.filter(state="pending").update(next_at=now())
    from portal.outbox import delivering

    delivering.run_due()
    done(ona, course.lesson_activity(0))
    failed = delivery(line(ona, course.quiz_activity), "dead", "http 400")

    assert [row.split(" has ")[0] for row in shown(kolegija)] == ["Ona Kazlauskaitė", "Jonas Kitas"]
    assert "1 of 3 done" in shown(rasa)[0] and "Jonas Žukauskas has not come yet" in shown(rasa)[1]

    assert kolegija.client.post(f"{CLASS}send/{ona.auth_user.uuid}/").status_code == 404
    kolegija.client.post(f"{CLASS}send/")
    failed.refresh_from_db()
    assert failed.state == "dead"
    assert LtiContext.objects.filter(id_on_platform="12").count() == 2
