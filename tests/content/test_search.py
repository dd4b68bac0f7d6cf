"""Searching the pages: every form of a word, with or without diacritics, and nothing that is not everybody's."""

from __future__ import annotations

import re

import pytest
from wagtail.models import PageViewRestriction

from courses.models import LessonPage
from portal.content.searching import asked, indexed
from tests.factories.courses import add, make_course
from tests.queries import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(course):
    """A lesson about something nothing else is about."""
    page = LessonPage(
        title="Šaltinių vertinimas",
        slug="saltiniai",
        summary="Kaip žvaigždynai padeda.",
        locale=course.page.locale,
        body=[{"type": "text", "id": "t", "value": "<p>Kelrodė žvaigždė ir ĄŽUOLAI.</p>"}],
    )
    return add(course.lessons[0].get_parent(), page)


def found(client, question, language="lt", **more):
    page = client.get(f"/{language}/search/", {"q": question} | more).text
    return re.findall(r"<h2><a [^>]*>([^<]+)</a></h2>", page)


@pytest.mark.parametrize(
    "question",
    [
        "šaltinis",
        "ŠALTINIŲ",
        "saltiniais",
        "vertinimo šaltinis",
        "žvaigždė",
        "zvaigzde",
        "ąžuolas",
        "azuolai",
        "ĄŽUOLŲ",
    ],
)
def test_F09_word_is_found_in_every_form_with_and_without_diacritics(client, lesson, question):
    assert found(client, question)[0] == "Šaltinių vertinimas"


def test_every_word_has_to_be_there_and_any_will_do_where_none_has_all(client, course, lesson):
    assert sorted(found(client, "pamoka tekstas")) == ["Pamoka 1", "Pamoka 2"]
    assert "Šaltinių vertinimas" in found(client, "ąžuolas begemotas")
    assert found(client, "begemotas") == []


def test_title_comes_before_text(client, course, lesson):
    parent = lesson.get_parent()
    body = [
        {"type": "text", "id": "t", "value": "<p>Šaltinių vertinimas, šaltinių vertinimas, šaltinių.</p>"}
    ]
    add(parent, LessonPage(title="Kita", slug="kita", locale=lesson.locale, body=body))
    assert found(client, "šaltinių vertinimas") == ["Šaltinių vertinimas", "Kita"]


def test_search_keeps_to_the_language_of_the_address(client, course):
    assert sorted(found(client, "lesson", "en")) == ["Lesson 1", "Lesson 2"]
    assert found(client, "lesson", "lt") == []


def test_what_a_page_is_part_of_stands_with_it(client, course, lesson):
    page = client.get("/lt/search/", {"q": "ąžuolas"}).text
    assert f"Pamoka · {course.page.title} · Modulis" in page


def test_F08_drafts_private_and_unpublished_pages_are_not_found(client, as_austeja, course, lesson):
    parent = lesson.get_parent()
    parent.add_child(instance=LessonPage(title="Juodraštinis", slug="j", locale=lesson.locale, live=False))
    assert found(client, "juodraštinis") == []
    lesson.title = "Begemotas"
    lesson.save_revision()
    assert found(client, "begemotas") == []
    PageViewRestriction.objects.create(
        page=lesson, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert found(client, "ąžuolas") == []
    PageViewRestriction.objects.all().delete()
    lesson.unpublish()
    assert found(client, "ąžuolas") == []


def test_answers_of_quizzes_are_not_searched(client, course):
    assert found(client, "ąžuolas") == []
    assert "Testas" in found(client, "testas")


@pytest.mark.parametrize(
    "question",
    [
        '"*NEAR(',
        "AND OR NOT",
        "a" * 100_000,
        "žodis " * 20_000,
        "'; DROP TABLE x;--",
        "\x00",
        "%_%",
        "()",
        "-",
        "*",
    ],
    ids=range(10),
)
def test_F06_any_question_gets_an_answer(client, lesson, question):
    answer = client.post("/lt/search/", {"q": question})
    assert answer.status_code == 405
    assert client.get("/lt/search/", {"q": question}).status_code == 200


def test_F07_question_stands_in_the_page_as_text_only(client, db, course):
    page = client.get("/lt/search/", {"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("page", ["0", "-1", "x", "1000000000", "9" * 5000, ""])
def test_F03_F04_page_out_of_range_is_the_nearest_there_is(client, lesson, page):
    assert found(client, "ąžuolas", page=page) == ["Šaltinių vertinimas"]


def test_search_takes_the_same_queries_however_much_is_found(client, course):
    def statements():
        with counted() as made:
            assert found(client, "pamoka")
        return len(made)

    found(client, "pamoka")
    few = statements()
    for number in range(4):
        make_course(f"kursas-{number}")
    found(client, "pamoka")  # what stands around every page is read anew after a publication
    assert statements() == few


def test_questions_and_texts_become_the_same_words():
    assert indexed("<p>Slaptažodžių tvarkytuvės</p>", "lt").split()[0] == asked("slaptažodis", "lt")[0][0]
    assert asked("Slaptažodis slaptažodis", "lt") == asked("slaptažodis", "lt")
    assert indexed("Passwords", "en") == indexed("password", "en")
    trees = "ąžuolas beržas eglė pušis liepa klevas uosis guoba gluosnis alksnis drebulė ieva šermukšnis"
    assert len(asked(trees, "lt")) == 12
