"""Where people are led after signing in and out: never to another site (M02)."""

from __future__ import annotations

import pytest

from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db
PASSWORD = "labas-rytas-2026"
EVIL = [
    "//evil.example/",
    "https://evil.example/",
    "http:///evil.example/",
    "javascript:alert(1)",
    "\\\\evil.example",
    "/\\evil.example",
    "\thttps://evil.example",
    "https://localhost@evil.example/",
    "data:text/html,x",
]


@pytest.mark.parametrize("target", EVIL)
def test_M02_sign_in_never_leads_to_another_site(client, austeja, target):
    form = {"login": austeja.email, "password": PASSWORD, "next": target}
    response = client.post("/lt/sign-in/", form)
    assert response.status_code == 302
    assert response.url == "/lt/learn/"


@pytest.mark.parametrize("target", EVIL)
def test_M02_somebody_signed_in_is_not_led_on_to_another_site(as_austeja, target):
    assert as_austeja.get("/lt/sign-in/", {"next": target}).url == "/lt/learn/"


@pytest.mark.parametrize("target", EVIL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_M02_sign_out_never_leads_to_another_site(as_austeja, target, method):
    as_austeja.get("/lt/learn/")
    response = as_austeja.post("/lt/sign-out/", {"next": target})
    assert response.url == "/"
    assert getattr(as_austeja, method)("/lt/sign-out/", {"next": target}).url == "/"


@pytest.mark.parametrize("door", ["/admin/login/", "/lt/_util/login/"])
@pytest.mark.parametrize("target", EVIL)
def test_M02_wagtails_doors_lead_to_our_sign_in_only(client, austeja, door, target):
    response = client.get(door, {"next": target})
    assert response.url.startswith("/lt/sign-in/?next=")
    form = {"login": austeja.email, "password": PASSWORD, "next": target}
    assert client.post(response.url, form).url == "/lt/learn/"


def test_own_address_is_where_one_is_led_after_signing_in(client, austeja, course):
    form = {"login": austeja.email, "password": PASSWORD, "next": course.page.url}
    assert client.post("/lt/sign-in/", form).url == course.page.url


@pytest.mark.parametrize("door", ["/admin/", "/admin/pages/"])
def test_learner_at_the_admins_door_is_told_and_not_sent_in_circles(client, austeja, door):
    client.force_login(austeja, backend=BACKEND)
    response = client.get(door, follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert "Pagalbos kodas" in response.text
