"""The front door, and addresses without a language: where they lead, and what leads nowhere."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("lt", "/lt/"),
        ("en", "/en/"),
        ("en-GB,en;q=0.9,lt;q=0.8", "/en/"),
        ("ru;q=0.9,lt;q=0.8", "/lt/"),
        ("de-DE,de", "/lt/"),
        ("", "/lt/"),
        ("*", "/lt/"),
        ("../../etc", "/lt/"),
        ("x" * 3000, "/lt/"),
    ],
)
def test_front_door_leads_to_the_visitors_language_or_to_lithuanian(client, course, accepted, home):
    response = client.get("/", headers={"Accept-Language": accepted} if accepted else {})
    assert response.status_code == 302
    assert response.url == home
    assert "Accept-Language" in response["Vary"]
    assert client.get(response.url).status_code == 200


def test_page_without_its_language_leads_to_it_in_the_visitors(client, course):
    response = client.get("/kursai/", headers={"Accept-Language": "lt"})
    assert response.url == "/lt/kursai/"


def test_other_language_keeps_what_was_asked_for(client, course):
    for url in ("/lt/sign-in/?next=/lt/learn/", "/lt/search/?q=saltiniai&page=2", "/lt/kursai/?sort=title"):
        other = re.search(r'<a class="lang" href="([^"]*)"', client.get(url).text)[1]
        assert other.endswith("?" + escape(url.partition("?")[2]))


def test_signing_in_once_more_in_another_tab_leads_on(as_austeja):
    as_austeja.handler.enforce_csrf_checks = True
    sent = {"login": "a@kelrodis.example", "password": "x", "csrfmiddlewaretoken": "of-yesterday"}
    assert as_austeja.post("/lt/sign-in/", sent | {"next": "/lt/kursai/"}).url == "/lt/kursai/"
    for elsewhere in ("//evil.example/", "https://evil.example/", "", "javascript:alert(1)"):
        assert as_austeja.post("/lt/sign-in/", sent | {"next": elsewhere}).url == "/lt/learn/"


def test_unknown_address_ends_in_a_page_that_says_so(client, course):
    response = client.get("/nothing", headers={"Accept-Language": "en"}, follow=True)
    assert response.status_code == 404
    assert response.redirect_chain == [("/en/nothing/", 302)]
    assert "There is no such page" in response.text


@pytest.mark.parametrize(
    "url",
    ["/media/none.png", "/media/none/", "/lti/xxx/", "/documents/1/none/", "/static/none/", "/verify/a/b/"],
)
@pytest.mark.parametrize(
    ("language", "title"), [("lt", "Tokio puslapio nėra"), ("en", "There is no such page")]
)
def test_what_has_no_language_is_not_found_where_it_was_asked_for(client, course, url, language, title):
    response = client.get(url, headers={"Accept-Language": language})
    assert response.status_code == 404
    assert response["Content-Language"] == language
    assert f"<h1>{title}</h1>" in response.text


def test_staff_screen_without_what_it_is_about_is_not_found_there(admin_of_portal):
    assert admin_of_portal.get("/admin/deliveries/999999/retry/").status_code == 404
