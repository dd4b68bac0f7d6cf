"""The home page: its doors, its panels, and what other apps may add to it."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from wagtail.models import PageViewRestriction

from courses.flows import enrolment
from portal.content import panels
from portal.content.panels import Happening, Panel
from tests.factories.courses import make_course
from tests.queries import counted

pytestmark = pytest.mark.django_db


def door(title, page=None, address=""):
    value = {"title": title, "eyebrow": "Kam", "text": "Kodėl.", "page": page and page.pk, "address": address}
    return {"type": "door", "value": value}


def with_doors(home, *doors):
    home.doors = list(doors)
    home.save_revision().publish()


def doors(client):
    text = client.get("/lt/").text
    return re.findall(r'<a href="([^"]+)"[^>]*><span class="eyebrow">[^<]*</span><h2>([^<]+)</h2>', text)


@pytest.fixture
def registered(monkeypatch):
    """Let a test register panels and rows of the week that are gone after it."""
    monkeypatch.setattr(panels, "_panels", dict(panels._panels))
    monkeypatch.setattr(panels, "_weeks", [])


def test_home_page_has_search_once_and_the_usual_doors(client, course):
    text = client.get("/lt/").text
    assert text.count('role="search"') == 1
    assert [title for _url, title in doors(client)] == [
        "Visi kursai",
        "Mano mokymasis",
        "Pažymėjimo tikrinimas",
    ]


def test_editor_chooses_the_doors(client, course):
    with_doors(
        course.home, door("Kursas", course.page), door("Klausk", address="https://biblioteka.example/")
    )
    assert doors(client) == [(course.page.url, "Kursas"), ("https://biblioteka.example/", "Klausk")]


def test_F08_door_to_a_draft_or_a_private_page_is_not_there(client, course):
    with_doors(
        course.home,
        door("Kursas", course.page),
        door("Pamoka", course.lessons[0]),
        door("Lieka", address="/lt/verify/"),
    )
    course.lessons[0].unpublish()
    PageViewRestriction.objects.create(page=course.page, restriction_type=PageViewRestriction.LOGIN)
    assert [title for _url, title in doors(client)] == ["Lieka"]


def test_person_who_has_begun_a_course_is_offered_its_next_part(as_austeja, austeja, course):
    assert 'class="resume"' not in as_austeja.get("/lt/").text
    enrolment.ensure(user=austeja, course=course.activity, source="self")
    text = as_austeja.get("/lt/").text
    assert course.lessons[0].url in re.search(r'<div class="resume">.*?</section>', text, re.DOTALL)[0]


def test_nothing_empty_is_shown(client, course):
    course.catalogue.delete()
    text = client.get("/lt/").text
    assert "<h2 id=" not in text
    assert [title for _url, title in doors(client)] == ["Mano mokymasis", "Pažymėjimo tikrinimas"]


def test_week_is_shown_once_an_app_has_rows_for_it_in_their_order(client, course, registered):
    assert "Šią savaitę" not in client.get("/lt/").text
    vilnius = ZoneInfo("Europe/Vilnius")
    late = Happening(
        datetime(2026, 11, 26, 10, tzinfo=vilnius), "Mokymai", "/lt/a/", "nuotoliu", "Registruojama", "ok"
    )
    soon = Happening(datetime(2026, 11, 24, 17, 30, tzinfo=vilnius), "Seminaras", "/lt/b/", "Menų skaitykla")
    panels.of_the_week(lambda request, page: [late])
    panels.of_the_week(lambda request, page: [soon])
    text = client.get("/lt/").text
    week = re.search(r"Šią savaitę.*?</section>", text, re.DOTALL)[0]
    assert week.index("Seminaras") < week.index("Mokymai")
    assert "antradienis" in week
    assert "Registruojama" in week


def test_app_above_adds_a_panel_in_its_place(client, course, registered):
    panels.home_panel(order=20)(lambda request, page: Panel("components/left.html", {}))
    panels.home_panel(order=21)(lambda request, page: None)
    text = client.get("/lt/").text
    assert text.index('class="left"') < text.index("Nauji kursai")


def test_doors_cost_the_same_however_many_there_are(client, course):
    def cost():
        client.get("/lt/")
        with counted() as statements:
            client.get("/lt/")
        return len(statements)

    with_doors(course.home, door("Kursas", course.page))
    one = cost()
    with_doors(course.home, *(door(page.title, page) for page in (course.page, *course.lessons)))
    assert cost() == one
    make_course("kitas")
    assert cost() == one <= 12
