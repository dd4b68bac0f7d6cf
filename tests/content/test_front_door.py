"""The front door, and addresses without a language: where they lead, and what leads nowhere."""

from __future__ import annotations

import pytest

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
