"""What every answer says to the browser: policies, frames, cookies."""

from __future__ import annotations

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from certificates.flows.issuing import issue
from portal.directory.flows.roles import grant
from portal.directory.models import Role
from tests.factories.certificates import CompletionFactory
from tests.factories.lti import Launcher, Network, Platform
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
MOODLE = "https://moodle.example"


def policy(response):
    """Return the content security policy by directive."""
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: values for name, *values in parts}


@pytest.fixture
def pages(course):
    """Pages anybody reads."""
    credential = issue(completion=CompletionFactory())
    return {
        "home": course.home.url,
        "catalogue": course.catalogue.url,
        "course": course.page.url,
        "lesson": course.lessons[1].url,
        "answered check": course.lessons[1].url + "?check=x&o=c-yes",
        "quiz": course.quiz.url,
        "verification": reverse("certificates:verify", args=[credential.token]),
        "checking": reverse("certificates:check"),
        "nothing": "/lt/nera/",
        "keys": "/lti/jwks/",
    }


READ = ["home", "catalogue", "course", "lesson", "answered check", "quiz", "verification", "checking"]


@pytest.mark.parametrize("name", [*READ, "nothing", "keys"])
def test_reader_without_account_gets_no_cookie(client, pages, name):
    response = client.get(pages[name])
    assert not response.cookies
    assert "Set-Cookie" not in response


@pytest.mark.parametrize("name", [*READ, "nothing"])
def test_page_allows_nothing_inline_and_no_frame(as_austeja, pages, name):
    response = as_austeja.get(pages[name])
    rules = policy(response)
    assert rules["default-src"] == ["'none'"]
    assert rules["script-src"] == rules["style-src"] == ["'self'"]
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert not re.search(
        r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=|[^>]*ld\+json)|javascript:", response.text
    )


@pytest.mark.parametrize("name", [*READ, "nothing", "keys"])
def test_answer_is_not_guessed_at_and_its_address_stays_here(client, pages, name):
    response = client.get(pages[name])
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert response["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"


def test_admin_may_frame_itself_and_nobody_else(client, course, austeja):
    grant(user=austeja, role=Role.ADMINISTRATOR, by=None)
    sign_in(client, austeja)
    for url in ("/admin/", f"/admin/pages/{course.page.pk}/view_draft/", "/admin/deliveries/"):
        response = client.get(url)
        assert response.status_code == 200
        assert policy(response)["frame-ancestors"] == ["'self'"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_preview_in_the_admin_allows_nothing_inline_either(client, course, austeja):
    grant(user=austeja, role=Role.ADMINISTRATOR, by=None)
    sign_in(client, austeja)
    for page in (course.page, course.lessons[1], course.quiz, course.home):
        response = client.get(f"/admin/pages/{page.pk}/view_draft/")
        assert response.status_code == 200
        assert policy(response)["script-src"] == policy(response)["style-src"] == ["'self'"]
        assert policy(response)["frame-ancestors"] == ["'self'"]


def test_session_of_somebody_who_signs_in_is_lax_and_not_for_scripts(client, austeja):
    form = {"login": austeja.email, "password": "labas-rytas-2026"}
    cookie = client.post("/lt/sign-in/", form).cookies["sessionid"]
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert "partitioned" not in cookie.OutputString().lower()


@pytest.fixture
def moodle(db, monkeypatch):
    network = Network()
    monkeypatch.setattr("lti.flows.http.call", network.call)
    return Platform(MOODLE, network)


def launched(moodle, course, dest):
    """Return a browser that has come from Moodle, and the launch's answer."""
    browser = Client()
    browser.cookies["kelrodis_frame"] = "1"
    return browser, Launcher(moodle, browser, course.quiz_activity, dest=dest).launch()


def assert_lives_in_a_frame(cookie):
    text = cookie.OutputString()
    assert cookie["samesite"] == "None"
    assert cookie["secure"]
    assert cookie["httponly"]
    assert text.count("Partitioned") == 1
    assert "Path=/;" in text or text.endswith("Path=/")


def test_launch_in_a_frame_gives_a_cookie_that_lives_there(moodle, course):
    _browser, response = launched(moodle, course, "iframe")
    assert_lives_in_a_frame(response.cookies["sessionid"])


def test_cookie_stays_such_when_the_session_is_saved_again(moodle, course):
    browser, response = launched(moodle, course, "iframe")
    url = reverse(
        "courses:answer_check", args=[course.lesson_activity(1).uuid, "11111111-1111-4111-8111-111111111111"]
    )
    again = browser.post(url, {})  # leaves a message in the session
    assert again.status_code == 302
    assert_lives_in_a_frame(again.cookies["sessionid"])


def test_framed_page_may_be_framed_by_the_platform_alone(moodle, course):
    browser, response = launched(moodle, course, "iframe")
    for url in (response.url, course.lessons[0].url, "/lt/nera/", "/lt/learn/"):
        page = browser.get(url)
        assert policy(page)["frame-ancestors"] == [MOODLE]
        assert "X-Frame-Options" not in page
        assert "unsafe" not in page["Content-Security-Policy"]


def test_launch_in_a_tab_of_its_own_changes_nothing_about_frames(moodle, course):
    browser, response = launched(moodle, course, "document")
    assert response.cookies["sessionid"]["samesite"] == "Lax"
    page = browser.get(response.url)
    assert policy(page)["frame-ancestors"] == ["'none'"]
    assert page["X-Frame-Options"] == "DENY"


def test_signing_in_after_a_framed_launch_ends_framing(moodle, course, austeja):
    browser, _response = launched(moodle, course, "iframe")
    browser.post("/lt/sign-out/")
    browser.post("/lt/sign-in/", {"login": austeja.email, "password": "labas-rytas-2026"})
    assert policy(browser.get("/lt/learn/"))["frame-ancestors"] == ["'none'"]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def test_uploaded_file_can_do_nothing_as_a_page(client):
    name = default_storage.save("images/piktas.svg", ContentFile(SVG))
    response = client.get(f"/media/{name}")
    assert b"".join(response.streaming_content) == SVG
    rules = policy(response)
    assert rules["default-src"] == ["'none'"]
    assert "script-src" not in rules
    assert rules["sandbox"] == []
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies


@pytest.mark.parametrize(
    "path", ["../secret_key", "%2e%2e/secret_key", "images/../../secret_key", "/etc/passwd"]
)
def test_no_file_outside_the_media_is_served(client, course, path):
    assert client.get(f"/media/{path}").status_code in {400, 404}
