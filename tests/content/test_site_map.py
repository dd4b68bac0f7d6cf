"""The map of the site for people: a tree of what is public, in each language, at a constant cost."""

from __future__ import annotations

import re

import pytest
from wagtail.models import PageViewRestriction

from portal.content import site_map
from tests.factories.courses import make_course
from tests.queries import counted

pytestmark = pytest.mark.django_db


def shown(client, language="lt"):
    text = client.get(f"/{language}/site-map/").text
    found = re.search(r'<nav class="map".*?</nav>', text, re.DOTALL)
    return found[0] if found else text


def tree(places):
    return {place.title: tree(place.below) for place in places}


def test_map_shows_courses_with_their_modules_and_lessons(client, course):
    lessons = {"Pamoka 1": {}, "Pamoka 2": {}, "Testas": {}}
    assert tree(site_map.places("lt")) == {"Kursai": {course.page.title: {"Modulis": lessons}}}
    page = shown(client)
    assert f'<a href="{course.lessons[0].url}">Pamoka 1</a>' in page
    assert "<span>Modulis</span>" in page  # its page only leads on
    assert "Lesson 1" in shown(client, "en")
    assert "Pamoka 1" not in shown(client, "en")


def test_F08_map_keeps_drafts_and_private_pages_to_itself_even_from_who_may_see_them(as_austeja, course):
    course.lessons[0].unpublish()
    PageViewRestriction.objects.create(page=course.lessons[1], restriction_type=PageViewRestriction.LOGIN)
    page = shown(as_austeja)
    assert "Pamoka" not in page
    assert "Testas" in page


def test_page_below_a_draft_stands_below_the_nearest_page_that_is_shown(course):
    course.page.unpublish()
    found = tree(site_map.places("lt"))
    assert set(found) == {"Kursai"}
    assert "Modulis" in found["Kursai"]


def test_module_without_anything_public_is_left_out(course):
    for page in (*course.lessons, course.quiz):
        page.unpublish()
    assert tree(site_map.places("lt")) == {"Kursai": {course.page.title: {}}}


def test_empty_map_says_so(client, course):
    course.catalogue.delete()
    assert "Viešų puslapių dar nėra" in client.get("/lt/site-map/").text


def test_map_takes_the_same_queries_however_many_pages_there_are(client, course):
    def cost():
        client.get("/lt/site-map/")
        with counted() as statements:
            client.get("/lt/site-map/")
        return len(statements)

    few = cost()
    for number in range(4):
        make_course(f"kursas-{number}")
    assert cost() == few <= 5


def test_large_site_is_shown_down_to_where_it_fits(course, monkeypatch):
    monkeypatch.setattr(site_map, "MOST", 4)
    assert tree(site_map.places("lt")) == {"Kursai": {course.page.title: {}}}


def test_foot_leads_to_the_map(client, course):
    assert 'href="/lt/site-map/"' in client.get("/lt/").text
