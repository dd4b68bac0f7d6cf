"""The picker's page: what a teacher finds in it, and how it stays quick."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.content.models import Topic
from tests.factories.courses import make_course
from tests.factories.library import make_library
from tests.lti.choosing import chooser

TITLE = re.compile(r"<h3>([^<]+)</h3>")


@pytest.fixture
def library(db):
    return make_library()


@pytest.fixture
def rasa(moodle, course, library):
    """A teacher at the picker of a portal with a course and a library."""
    return chooser(moodle)


@pytest.fixture
def shown(rasa):
    """Return the titles the picker shows for a query."""
    address = rasa.picker()

    def ask(**query):
        response = rasa.client.get(address, query)
        assert response.status_code == 200
        return TITLE.findall(response.content.decode())

    return ask


def test_it_opens_with_whole_courses_and_what_the_library_has(shown, course, library):
    titles = shown()

    assert titles[0] == "Biblioteka"
    assert {course.page.title, library.list.title, library.guide.title, library.database.title} <= set(titles)
    assert course.quiz.title not in titles


def test_a_course_is_opened_to_its_parts_in_their_order(shown, course):
    titles = shown(course=str(course.page.translation_key))

    assert titles == [
        course.page.title,
        course.lessons[0].get_parent().title,
        *(lesson.title for lesson in course.lessons),
        course.quiz.title,
    ]


def test_a_kind_shows_all_of_that_kind(shown, course):
    assert shown(kind="quiz") == [course.quiz.title]
    assert len(shown(kind=["lesson", "module"])) == len(course.lessons) + 1


def test_search_finds_parts_by_any_form_of_a_word_without_accents(shown, course):
    course.lessons[0].title = "Šaltinių patikimumas"
    course.lessons[0].save_revision().publish()

    assert shown(q="saltinis") == ["Šaltinių patikimumas"]
    assert shown(q="saltinis", kind="quiz") == []


def test_a_topic_shows_courses_on_it_with_their_parts(shown, course, library):
    topic = Topic.objects.create(slug="paieska", name_lt="Paieška", name_en="Searching")
    course.page.topics.add(topic)
    course.page.save()

    assert shown(topic="paieska") == [course.page.title]
    assert course.quiz.title in shown(topic="paieska", kind=["quiz", "course"])
    assert shown(topic="kita") == []


def test_titles_are_in_the_language_asked_for(shown, course):
    assert course.others["en"].page.title in shown(language="en")
    assert course.page.title not in shown(language="en")


def test_what_was_taken_stays_taken_while_one_looks_on(rasa, course, library):
    address = rasa.picker()
    quiz, guide = str(course.quiz_activity.uuid), str(library.guide.translation_key)

    page = rasa.client.get(address, {"chosen": quiz, "add": guide, "q": "nieko tokio"}).content.decode()

    assert page.count('name="chosen"') == 2
    assert course.quiz.title in page and library.guide.title in page
    page = rasa.client.get(address, {"chosen": [quiz, guide], "remove": quiz}).content.decode()
    assert re.findall(r'name="chosen" value="([^"]+)"', page) == [guide]


@pytest.mark.parametrize(
    "query",
    [
        {"q": "\x00'\"<script>"},
        {"kind": ["x", "quiz"]},
        {"topic": ["' or 1=1", "a" * 100]},
        {"language": "ru"},
        {"course": "x"},
        {"course": "00000000-0000-4000-8000-000000000000"},
        {"chosen": ["x", "1", "library", "00000000-0000-4000-8000-000000000000"] * 30},
        {"page": "-5"},
        {"add": "<b>"},
    ],
)
def test_an_address_typed_by_hand_harms_nothing(rasa, query):
    response = rasa.client.get(rasa.picker(), query)

    assert response.status_code == 200
    assert "<script>'" not in response.content.decode()


def test_queries_do_not_grow_with_what_there_is(rasa, course):
    address = rasa.picker()
    for query in ({}, {"q": "kursas"}, {"kind": ["course", "lesson"]}):
        rasa.client.get(address, query)
    with CaptureQueriesContext(connection) as few:
        rasa.client.get(address, {"kind": ["course", "lesson"]})
    for number in range(3):
        make_course(f"kursas-{number}")
    rasa.client.get(address)  # what stands around every page is kept again

    with CaptureQueriesContext(connection) as many:
        rasa.client.get(address, {"kind": ["course", "lesson"]})

    assert len(many) <= len(few) + 1
    assert len(many) <= 16, "\n".join(query["sql"][:150] for query in many)


def test_it_speaks_the_language_of_the_launch(rasa, course):
    address = rasa.picker(launch_presentation={"locale": "en"})

    assert address.startswith("/en/")
    assert "Choose for your course" in rasa.client.get(address).content.decode()
    assert course.others["en"].page.title in rasa.client.get(address).content.decode()
