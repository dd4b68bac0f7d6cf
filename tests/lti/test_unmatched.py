"""The librarians' list of platforms' courses that no rule fits, and the way from it to a rule."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lti_tool.models import LtiContext

from portal.catalogue.models import MatchingRule
from tests.factories.library import make_library
from tests.factories.lti import Launcher

LABEL, EXACT = MatchingRule.Field.LABEL, MatchingRule.Way.EXACT


@pytest.fixture
def library(db):
    return make_library()


@pytest.fixture
def desk(library):
    """The browser of the subject librarian, who keeps the rules."""
    browser = Client()
    browser.force_login(library.librarian.user)
    return browser


@pytest.fixture
def visited(moodle, course):
    """Somebody has come from a course of Moodle."""
    ona = Launcher(moodle, Client(), course.activity)

    def come(label, title, **claims):
        ona.launch(context={"id": f"{label}{title}", "label": label, "title": title}, **claims)

    return come


def listed(desk):
    response = desk.get(reverse("unmatched_courses:index"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_course_is_listed_until_a_rule_fits_it(desk, library, visited):
    visited("SOC101", "Sociologijos įvadas")
    page = listed(desk)
    assert "Sociologijos įvadas" in page and "SOC101" in page

    rule = MatchingRule.objects.create(field=LABEL, way=EXACT, text="soc101", reading_list=library.list)
    assert "Sociologijos įvadas" not in listed(desk)

    library.list.unpublish()
    assert "Sociologijos įvadas" in listed(desk)
    rule.delete()


def test_choosing_a_course_begins_a_rule_for_it(desk, visited):
    visited('A"<b>&C', "Antraštė")
    page = listed(desk)
    address = (
        page.split('href="/admin/snippets/catalogue/matchingrule/add/?')[1]
        .split('"')[0]
        .replace("&amp;", "&")
    )

    form = desk.get(f"/admin/snippets/catalogue/matchingrule/add/?{address}").content.decode()

    assert 'value="A&quot;&lt;b&gt;&amp;C"' in form
    assert '<option value="exact" selected' in form


@pytest.mark.parametrize("query", ["field=x&way=y&text=%00", "text=" + "a" * 999, "text=%F0%9F%A6%89"])
def test_a_rule_begun_by_hand_with_nonsense_is_an_empty_one(desk, query):
    assert desk.get(f"/admin/snippets/catalogue/matchingrule/add/?{query}").status_code == 200


def test_courses_without_a_name_and_of_platforms_switched_off_are_left_out(desk, visited, moodle):
    visited("", "")
    visited("TEI", "Teisė")
    assert LtiContext.objects.count() == 2
    assert "Teisė" in listed(desk)

    moodle.registration.is_active = False
    moodle.registration.save()

    assert "yra atėję žmonių, turi" in listed(desk)


def test_queries_do_not_grow_with_courses(desk, library, visited, moodle):
    deployment = moodle.registration.deployments.get()
    MatchingRule.objects.create(field=LABEL, way=EXACT, text="soc101", reading_list=library.list)
    visited("SOC102", "Sociologija")
    listed(desk)
    with CaptureQueriesContext(connection) as few:
        listed(desk)
    LtiContext.objects.bulk_create(
        LtiContext(deployment=deployment, id_on_platform=f"c{n}", label=f"KURSAS{n}", title=f"Kursas {n}")
        for n in range(40)
    )

    with CaptureQueriesContext(connection) as many:
        listed(desk)

    assert len(many) <= len(few)
