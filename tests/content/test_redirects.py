"""Former addresses: a moved page leaves one, and editors keep others, on a screen in Lithuanian."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from portal.directory.models import Role
from tests.content.test_editors_language import english_on
from tests.factories.courses import make_course
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db
SCREEN = """
    Redirects; Add redirect; Import redirects; Export; From; To; Type; Permanent; Temporary; No redirects;
    Redirect from; Redirect to a page; Redirect to any URL; Search
"""


@pytest.fixture
def tomas(db):
    """A browser in which Tomas, an editor, is signed in."""
    browser = Client()
    browser.force_login(somebody("Tomas", "Šimkus", role=Role.EDITOR), backend=BACKEND)
    return browser


def test_page_that_was_moved_leaves_its_former_address(
    client, course, tomas, django_capture_on_commit_callbacks
):
    lesson = course.lessons[0]
    other = make_course("kitas").lessons[0]
    module = other.get_parent()
    other.delete()
    before = lesson.get_url()
    with django_capture_on_commit_callbacks(execute=True):
        move = reverse("wagtailadmin_pages:move_confirm", args=[lesson.pk, module.pk])
        assert tomas.post(move).status_code == 302
    lesson.refresh_from_db()
    answer = client.get(before)
    assert (answer.status_code, answer["Location"]) == (301, lesson.get_url())
    assert before != lesson.get_url()


def test_editor_says_where_a_former_address_leads_in_lithuanian(client, course, tomas):
    assert english_on(tomas.get(reverse("wagtailredirects:index")), SCREEN) == []
    form = reverse("wagtailredirects:add")
    assert english_on(tomas.get(form), SCREEN) == []
    data = {
        "old_path": "/lt/senas-kursas/",
        "site": "",
        "is_permanent": "on",
        "redirect_page": course.page.pk,
    }
    assert tomas.post(form, data | {"redirect_link": ""}).status_code == 302
    answer = client.get("/lt/senas-kursas/")
    assert (answer.status_code, answer["Location"]) == (301, course.page.url)


def test_author_keeps_no_addresses(course):
    browser = Client()
    browser.force_login(somebody("Eglė", "Įmantė", role=Role.AUTHOR), backend=BACKEND)
    answer = browser.get(reverse("wagtailredirects:index"))
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert not Redirect.objects.exists()


@pytest.mark.parametrize("old", ["/senas/", "/senas", "/naujienos/2019/ąžuolas/", "/index.php?id=7"])
def test_address_of_a_former_site_needs_no_language(client, course, old):
    Redirect.add_redirect(old, course.page)
    answer = client.get(old)
    assert (answer.status_code, answer["Location"]) == (301, course.page.url)


def test_address_without_a_redirect_is_led_to_the_readers_language_and_a_file_nowhere(client, course):
    Redirect.add_redirect("/senas/", course.page)
    Redirect.add_redirect("/media/senas.png", course.page)
    answer = client.get("/nebuvo/")
    assert (answer.status_code, answer["Location"]) == (302, "/lt/nebuvo/")
    assert client.get("/media/senas.png").status_code == 404
