"""Every block in a real browser: readable in every setting; players of other sites only when they are asked for."""

from __future__ import annotations

import pytest
import requests

from tests.browser.test_accessibility import SETTINGS, problems
from tests.browser.test_editor import told

pytestmark = [pytest.mark.browser, pytest.mark.services]
PAGES = """
import json
from courses.models import LessonPage
from portal.content.models import HomePage
from tests.factories.content import every_block, standard_page
from tests.factories.courses import add
made = {}
for home in HomePage.objects.all():
    code = home.locale.language_code
    page = standard_page(home, f"Blokai {code}", slug="blokai", body=every_block(), summary="S", has_contents=True)
    module = LessonPage.objects.filter(locale=home.locale).first().get_parent()
    lesson = LessonPage(title=f"Blokai {code}", slug="blokai", locale=home.locale, body=every_block())
    add(module, lesson)
    made[code] = [page.full_url, lesson.full_url]
print(json.dumps(made))
"""
AWAY = """
from wagtail.models import Page
for page in Page.objects.filter(slug="blokai").specific():
    page.delete()
"""
STUB = "<!doctype html><title>Player</title><p>The player</p>"


@pytest.fixture(scope="module")
def pages(stack):
    """A page and a lesson with one of every block, in each language; taken away afterwards."""
    yield told(stack, PAGES)
    told(stack, AWAY)


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_every_block_has_no_accessibility_faults(open_page, pages, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    found = []
    for address in pages[language]:
        page.goto(address)
        found += problems(page, f"{address}, closed")
        for summary in page.query_selector_all(".transcript summary"):
            summary.click()
        found += problems(page, f"{address}, open")
    assert found == []


def test_player_is_asked_for_before_anything_is_loaded_from_there(open_page, pages):
    page = open_page()
    asked, blocked = [], []
    page.on("console", lambda said: blocked.append(said.text) if "Content Security" in said.text else None)
    page.route("**/www.youtube-nocookie.com/**", lambda route: answer(route, asked))
    for address in pages["lt"]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert asked == [] and page.query_selector("iframe") is None
        page.click("[data-load]")
        frame = page.frame_locator(".embed iframe")
        assert frame.locator("p").inner_text() == "The player"
        assert page.get_attribute(".embed iframe", "title") == "Paskaita"
        assert problems(page, "player shown") == []
        assert asked.pop() == "https://www.youtube-nocookie.com/embed/abcdefghi-_"
    assert blocked == []


def answer(route, asked):
    asked.append(route.request.url)
    route.fulfill(body=STUB, content_type="text/html")


def test_without_scripts_the_player_is_a_link_and_the_summary_is_there(open_page, pages):
    page = open_page(javascript=False)
    page.goto(pages["lt"][1])
    assert not page.is_visible("[data-load]")
    assert page.get_attribute(".embed-title a", "href") == "https://www.youtube.com/watch?v=abcdefghi-_"
    page.click(".embed summary")
    assert page.is_visible(".embed .transcript p")


def test_columns_stand_one_below_the_other_and_tables_scroll_within_themselves_on_a_phone(open_page, pages):
    page = open_page(width=320)
    page.goto(pages["lt"][0])
    tops = page.eval_on_selector_all(
        ".columns > div", "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert tops == sorted(set(tops))
    wide = open_page(width=1280)
    wide.goto(pages["lt"][0])
    tops = wide.eval_on_selector_all(
        ".columns > div", "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1
    page.focus(".table")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Šaltinių rūšys"


def test_captions_of_the_pages_language_are_shown_first(open_page, pages, stack):
    page = open_page(language="en")
    page.goto(pages["en"][0])
    tracks = page.evaluate(
        """async () => {
            const tracks = [...document.querySelectorAll("track")];
            tracks.forEach(track => track.track.mode = "showing");
            await Promise.all(tracks.map(track => track.readyState === 2 || new Promise(done => track.onload = done)));
            return tracks.map(track => [track.srclang, track.default, track.track.cues.length]);
        }"""
    )
    assert tracks == [["en", True, 1], ["lt", False, 1]]
    source = page.get_attribute("video source", "src")
    part = requests.get(f"{stack.url}{source}", headers={"Range": "bytes=0-3"}, timeout=10)
    assert (part.status_code, part.content) == (206, b"\x1a\x45\xdf\xa3")
