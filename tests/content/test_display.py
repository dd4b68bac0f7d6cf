"""Accessibility options: chosen without an account, kept in this browser, applied everywhere, harmless when forged."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content import display
from tests.security.table import SHOWN_SO as CHOICES

pytestmark = pytest.mark.django_db
URL = "/lt/accessibility/"


def classes(client, url="/lt/"):
    return re.search(r'<html [^>]*class="([^"]*)"', client.get(url).text)[1].split()


def test_choices_apply_to_every_page_in_both_languages_until_taken_back(client, course):
    assert classes(client) == []
    answer = client.post(URL, CHOICES)
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert "Įsiminta" in page.text
    cookie = client.cookies[display.COOKIE]
    assert (cookie["samesite"], cookie["httponly"]) == ("Lax", True)
    wanted = ["size-140", "spacing-wide", "theme-dark", "contrast-high", "links-underlined", "motion-still"]
    for url in ("/lt/", "/en/", course.lessons[0].url, "/lt/nera/"):
        assert classes(client, url) == wanted
    assert '<input type="radio" name="size" value="140" id="id_size_2" required checked>' in " ".join(
        page.text.split()
    )
    client.post(URL, {name: known[0] for name, known in display.CHOICES.items()})
    assert classes(client) == []


@pytest.mark.parametrize("data", [{}, CHOICES | {"size": "1000"}, CHOICES | {"theme": ""}])
def test_choice_that_is_not_offered_is_refused_and_nothing_kept(client, course, data):
    assert client.post(URL, data).status_code == 400
    assert display.COOKIE not in client.cookies


def test_form_sent_from_another_site_is_refused(course):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(URL, CHOICES).status_code == 403


@given(word=st.text(max_size=300))
def test_forged_cookie_means_nothing_chosen_or_something_offered(word):
    kept = display.read(word)
    assert display.read(kept.word) == kept
    assert re.fullmatch(r"[a-z0-9 -]*", kept.classes)


@pytest.mark.parametrize(
    "next_url",
    ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "", URL],
)
def test_M02_way_back_never_leads_elsewhere(client, course, next_url):
    page = client.get(URL, {"next": next_url}).text
    assert 'name="next" value="/lt/"' in page
    answer = client.post(URL, CHOICES | {"next": next_url})
    assert answer.url == f"{URL}?next=%2Flt%2F"


def test_way_back_leads_to_the_page_one_came_from(client, course):
    came = f"http://testserver{course.page.url}"
    assert f'name="next" value="{course.page.url}"' in client.get(URL, headers={"Referer": came}).text
    assert client.get(URL, headers={"Referer": "http://[x/lt/kursai/"}).status_code == 200
    foreign = client.get(URL, headers={"Referer": "https://evil.example/lt/kursai/"}).text
    assert 'name="next" value="/lt/"' in foreign
