"""Library resources: found, read, asked about, answered; with and without a script."""

from __future__ import annotations

import pytest

from tests.browser.conftest import sign_in
from tests.browser.moves import go
from tests.browser.places import library, people
from tests.browser.test_accessibility import SETTINGS, problems
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.services]
QUESTION = "Kur rasti gyventojų skaičių pagal seniūnijas?"
ANSWER = "Oficialiosios statistikos portale, lentelėje „Gyventojai“."


def letter(page, stack, subject):
    """Wait for a letter with this subject, and return what it says."""

    def arrived():
        page.goto(f"{stack.url}/dev/mail/")
        return page.query_selector(f"main a:has-text('{subject}')")

    Stack.wait_for(lambda: arrived() is not None, f"the letter “{subject}”")
    go(page, f"main a:has-text('{subject}') >> nth=0")
    return page.inner_text("main")


def test_visitor_finds_a_guide_and_asks_and_the_librarians_answer_arrives(stack, open_page):
    page, desk = open_page(), open_page()
    page.goto(library(stack, "lt")["resources"])
    page.check("input[name=access][value=premises]")
    page.wait_for_selector("h2:has-text('1 išteklius')")
    assert "access=premises" in page.url
    page.click(".rail a:has-text('Išvalyti filtrus')")
    page.wait_for_selector("h2:has-text('11 išteklių')")
    page.fill("#words", "zurnalai")
    page.press("#words", "Enter")
    page.wait_for_selector(".resource-row:has-text('DOAJ')")
    assert page.evaluate("document.activeElement.id") == "words"
    go(page, ".shelves a:has-text('Socialiniai mokslai')")
    go(page, ".librarian a.btn")
    page.fill("#id_text", QUESTION)
    page.fill("#id_email", "ruta@kelrodis.example")
    page.wait_for_timeout(2_500)  # a form sent at once is a machine's
    go(page, "main form button.btn")
    assert "ruta@kelrodis.example" in page.inner_text(".notices")

    sign_in(desk, stack, people()["subject-librarian"])
    assert QUESTION in letter(page, stack, "Klausimas bibliotekai: Socialiniai mokslai")
    desk.goto(f"{stack.url}/admin/questions/")
    desk.click("a:has-text('Socialiniai mokslai') >> nth=0")
    desk.fill("#id_answer", ANSWER)
    desk.click("button:has-text('Siųsti atsakymą')")
    desk.wait_for_url("**/admin/questions/")
    assert ANSWER in letter(page, stack, "Bibliotekininko atsakymas: Socialiniai mokslai")


@pytest.mark.parametrize("javascript", [True, False])
def test_learner_marks_what_they_have_read_with_and_without_a_script(stack, open_page, javascript):
    page = open_page(javascript=javascript)
    sign_in(page, stack, people()["student" if javascript else "author"])
    page.goto(library(stack, "lt")["reading-list"])
    assert "Perskaityta: 0 iš 7" in page.inner_text(".reading-progress")
    page.click(".reading-item >> nth=1 >> button")
    page.wait_for_selector(".reading-progress:has-text('Perskaityta: 1 iš 7')")
    marked = page.query_selector(".reading-item >> nth=1 >> button")
    assert marked.get_attribute("aria-pressed") == "true"
    if javascript:
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    page.goto(library(stack, "en")["reading-list"])
    assert "Read: 1 of 7" in page.inner_text(".reading-progress")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_asking_and_reading_have_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    page.goto(library(stack, language)["subject-guide"])
    go(page, ".librarian a.btn")
    found = problems(page, "ask")
    go(page, "main form button.btn")
    found += problems(page, "ask, refused")
    sign_in(page, stack, people()["instructor"], language)
    page.goto(library(stack, language)["reading-list"])
    found += problems(page, "reading list, signed in")
    assert found == []


def test_librarys_search_is_reached_from_a_guide_under_the_policy_of_the_page(stack, open_page):
    page = open_page()
    page.route("https://openalex.org/**", lambda route: route.fulfill(status=200, body="<h1>Rasta</h1>"))
    page.goto(library(stack, "lt")["subject-guide"])
    page.fill("#library-search", "miesto žemėlapiai")
    page.click(".library-search button")
    page.wait_for_url("https://openalex.org/works?search=*")
    assert page.url.endswith("miesto%20%C5%BEem%C4%97lapiai")
