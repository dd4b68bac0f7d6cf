"""Ceilings: how many queries a page may take, however much there is."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from courses.flows import attempting, enrolment
from courses.flows.learning import finish_lesson
from courses.versions import latest
from tests.factories.courses import SINGLE, make_course
from tests.queries import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def launched(as_austeja):
    """Austėja's session as a launch leaves it."""
    session = as_austeja.session
    session["launch"] = {
        "registration": 1,
        "platform": "Moodle",
        "origins": ["https://moodle.example"],
        "framed": True,
        "role": "learner",
        "activity": "",
        "context": 1,
        "resource_link": 1,
        "return_url": "",
        "language": "lt",
    }
    session.save()
    return as_austeja


def warm(client, url):
    client.get(url)
    with counted() as statements:
        assert client.get(url).status_code == 200
    return statements


def test_lesson_in_a_launch_takes_at_most_ten_queries(launched, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="launch")
    finish_lesson(enrolment=enrolled, version=latest(activity_id=course.lesson_activity(0).pk, language="lt"))
    statements = warm(launched, course.lessons[1].url)
    assert len(statements) <= 10, "\n".join(statements)


def test_autosave_takes_at_most_five_queries(launched, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="launch")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    url = reverse("courses:autosave", args=[attempt.uuid])
    for seq in (1, 2):
        body = json.dumps({"drafts": [{"item": SINGLE, "response": ["s-right"], "seq": seq}]})
        with counted() as statements:
            assert launched.post(url, body, content_type="application/json").status_code == 200
        assert len(statements) <= 5, "\n".join(statements)


def test_catalogue_and_home_take_the_same_queries_however_many_courses_there_are(as_austeja, austeja, course):
    enrolment.ensure(user=austeja, course=course.activity, source="self")
    few = {url: len(warm(as_austeja, url)) for url in (course.catalogue.url, course.home.url)}
    for number in range(6):
        other = make_course(f"kursas-{number}")
        enrolment.ensure(user=austeja, course=other.activity, source="self")
    for url, count in few.items():
        assert len(warm(as_austeja, url)) == count
    assert few[course.catalogue.url] <= 12


def test_my_learning_takes_the_same_queries_however_much_was_learned(as_austeja, austeja, course):
    enrolment.ensure(user=austeja, course=course.activity, source="self")
    few = len(warm(as_austeja, "/lt/learn/"))
    for number in range(4):
        enrolment.ensure(user=austeja, course=make_course(f"kursas-{number}").activity, source="self")
    assert len(warm(as_austeja, "/lt/learn/")) == few
