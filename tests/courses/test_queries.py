"""Ceilings: how many queries a page may take, however much there is."""

from __future__ import annotations

import json

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.models import Page

from courses.flows import attempting, enrolment
from courses.flows.learning import finish_lesson
from courses.models import CoursePage
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


def shelve(catalogue, first, last):
    """Put published courses number ``first`` to ``last`` into the catalogue, as cheaply as the database takes them."""
    kind = ContentType.objects.get_for_model(CoursePage)
    Page.objects.bulk_create(
        Page(
            path=Page._get_path(catalogue.path, catalogue.depth + 1, number + 10),
            depth=catalogue.depth + 1,
            title=f"Kursas {number}",
            slug=f"lentynos-{number}",
            url_path=f"{catalogue.url_path}lentynos-{number}/",
            content_type=kind,
            locale=catalogue.locale,
            live=True,
        )
        for number in range(first, last + 1)
    )
    for page in Page.objects.child_of(catalogue).filter(content_type=kind, courses_coursepage=None):
        CoursePage(page_ptr=page, hours=page.pk % 9 + 1).save_base(raw=True)  # its own table only
    Page.objects.filter(pk=catalogue.pk).update(numchild=last + 1)


def test_catalogue_takes_the_same_twelve_queries_at_most_for_ten_courses_and_for_2000(client, course):
    catalogue = course.catalogue
    shelve(catalogue, 1, 9)
    few = warm(client, catalogue.url)
    shelve(catalogue, 10, 1999)
    assert CoursePage.objects.child_of(catalogue).live().count() == 2_000
    many = {
        query: warm(client, f"{catalogue.url}?{query}")
        for query in ("", "page=90", "sort=title&level=beginner")
    }
    assert len(few) <= 12, "\n".join(few)
    assert {query: len(statements) for query, statements in many.items()} == dict.fromkeys(many, len(few))
