"""Reading lists and guides: what stands on them, beside them, and the marks of readers."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from wagtail.models import PageViewRestriction

from portal.catalogue.models import ReadMark
from tests.factories.library import FOUND, READING, found, section
from tests.queries import counted

pytestmark = pytest.mark.django_db


def mark_url(page, item, language="lt"):
    return f"/{language}/reading/{page.translation_key}/{item}/"


def test_list_shows_weeks_items_notes_and_what_stands_beside(client, library):
    text = client.get(library.list.get_url()).text
    for said in ("1 savaitė", "Kraštotyra", "316 Ša-1", "Raskite savo miestą.", "Žemėlapių bazė", "GEO1001"):
        assert said in text
    assert library.guide.get_url() in text
    assert "Ąžuolas Bružas" in text and "Antradieniais" in text
    assert f"/lt/ask/{library.guide.translation_key}/" in text


def test_guide_shows_its_lists_and_the_card_in_the_readers_language(client, library):
    english = library.others["en"]
    text = client.get(english.guide.get_url()).text
    assert english.list.get_url() in text
    assert library.list.get_url() not in text
    assert "On Tuesdays" in text


def test_guide_shows_courses_worth_taking(client, library, course):
    library.guide.learning = [{"type": "page", "value": course.page.pk}]
    library.guide.save_revision().publish()
    text = client.get(library.guide.get_url()).text
    assert course.page.get_url() in text and "kursas" in text


def test_F08_what_is_not_published_or_private_is_left_out(client, library):
    library.database.unpublish()
    text = client.get(library.list.get_url()).text
    assert "Žemėlapių bazė" not in text and "2 savaitė" not in text
    assert "Kraštotyra" in text


def test_list_without_anything_says_so(client, library):
    library.list.sections = []
    library.list.save_revision().publish()
    assert "Čia dar nieko nėra" in client.get(library.list.get_url()).text


def test_list_takes_the_same_queries_however_long_it_is(as_austeja, library):
    def asked():
        as_austeja.get(library.list.get_url())
        with counted() as statements:
            assert as_austeja.get(library.list.get_url()).status_code == 200
        return len(statements)

    few = asked()
    more = [found(str(uuid4()), library.database) for _ in range(20)]
    library.list.sections = [section(f"{n} savaitė", *more[n : n + 4]) for n in range(0, 20, 4)]
    library.list.save_revision().publish()
    assert asked() == few
    assert few <= 22


# Marks --------------------------------------------------------------------------------------------
def test_reader_marks_an_item_without_script_and_takes_the_mark_back(as_austeja, austeja, library):
    url = library.list.get_url()
    assert "Perskaityta: 0 iš 2" in as_austeja.get(url).text
    answer = as_austeja.post(mark_url(library.list, READING), {"read": "1"})
    assert answer.url == f"{url}#item-{READING}"
    as_austeja.post(mark_url(library.list, READING), {"read": "1"})
    assert "Perskaityta: 1 iš 2" in as_austeja.get(url).text
    assert 'aria-pressed="true"' in as_austeja.get(url).text
    as_austeja.post(mark_url(library.list, READING), {"read": "0"})
    assert not ReadMark.objects.of(austeja).exists()


def test_mark_holds_in_both_languages(as_austeja, library):
    as_austeja.post(mark_url(library.list, FOUND), {"read": "1"})
    assert "Read: 1 of 2" in as_austeja.get(library.others["en"].list.get_url()).text


def test_one_persons_marks_are_not_anothers(as_austeja, benas, library):
    ReadMark.objects.create(user=benas, list_key=library.list.translation_key, item=READING)
    assert "Perskaityta: 0 iš 2" in as_austeja.get(library.list.get_url()).text


def test_M01_visitor_is_asked_to_sign_in_and_sees_no_marks(client, library):
    text = client.get(library.list.get_url()).text
    assert "data-mark" not in text and "Prisijungti" in text
    assert "/sign-in/" in client.post(mark_url(library.list, READING), {"read": "1"}).url
    assert not ReadMark.objects.exists()


@pytest.mark.parametrize("item", ["nera", READING[:-1] + "7"])
def test_M02_item_that_is_not_on_the_list_is_not_found(as_austeja, library, item):
    assert as_austeja.post(mark_url(library.list, item), {"read": "1"}).status_code == 404
    assert as_austeja.post(mark_url(library.guide, READING), {"read": "1"}).status_code == 404


def test_M02_item_of_a_private_list_is_not_found(as_austeja, library):
    PageViewRestriction.objects.create(
        page=library.list, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    assert as_austeja.post(mark_url(library.list, READING), {"read": "1"}).status_code == 404


def test_list_is_found_by_what_is_on_it(client, library):
    assert library.list.get_url() in client.get("/lt/search/?q=kraštotyros").text


def test_every_mark_has_a_name_of_its_own(as_austeja, library):
    text = as_austeja.get(library.list.get_url()).text
    names = re.findall(r'Perskaičiau<span class="sr">: ([^<]+)</span>', text)
    assert names == ["Kraštotyra", "Žemėlapių bazė"]
