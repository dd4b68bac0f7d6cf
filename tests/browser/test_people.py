"""Saying where one works, and confirming it: without a script, and with nothing for axe to find."""

from __future__ import annotations

import pytest

from tests.browser.conftest import sign_in
from tests.browser.moves import go
from tests.browser.places import people
from tests.browser.test_accessibility import SETTINGS, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]


def declare(page, stack, language, question, library):
    """Find a library by a word and say that one works there."""
    page.goto(f"{stack.url}/{language}/profile/")
    page.click("main a[href$='/profile/libraries/']")
    page.fill("#q", question)
    page.click("main form button")
    page.click(f"main .rows a:has-text('{library}') >> nth=0")
    page.fill("#id_job_title", "Bibliotekininkė")
    page.click("main form button.btn")
    page.wait_for_url("**/profile/")


def test_librarian_says_where_they_work_and_the_coordinator_confirms_without_a_script(stack, open_page):
    reader, coordinator = open_page(javascript=False), open_page(javascript=False)
    sign_in(reader, stack, people()["student"])
    declare(reader, stack, "lt", "dvylupiu", "Aukštgirės rajono")
    assert "laukia bibliotekos patvirtinimo" in reader.inner_text("main")
    sign_in(coordinator, stack, people()["library-coordinator"])
    coordinator.click("header a[href$='/people/']")
    coordinator.click("main a[href$='/people/waiting/']")
    assert "Kregždytė" in coordinator.inner_text("main")
    coordinator.click("main li:has-text('Kregždytė') a.btn")
    coordinator.click("main button[value=confirm]")
    coordinator.wait_for_url("**/people/waiting/")
    assert "Ugnė Kregždytė" in coordinator.inner_text(".notices")
    reader.goto(f"{stack.url}/lt/profile/")
    assert "laukia" not in reader.inner_text("main")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_profile_and_peoples_pages_have_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    who, word = {"lt": ("author", "krantines"), "en": ("editor", "krantine")}[language]
    sign_in(page, stack, people()[who], language)
    declare(page, stack, language, word, {"lt": "Senupės miesto", "en": "Senupė City"}[language])
    found = problems(page, "profile")
    for where in ("profile/libraries/?q=sm", "profile/letters/"):
        page.goto(f"{stack.url}/{language}/{where}")
        found += problems(page, where)
    page.goto(f"{stack.url}/{language}/profile/")
    for link in ("li a >> nth=0", "li a >> nth=1"):
        go(page, f"main .people-list {link}")
        found += problems(page, f"profile, {link}")
        page.go_back()
    found += _coordinating(open_page(width=width, scheme=scheme, language=language), stack, language)
    assert found == []


def _coordinating(page, stack, language):
    sign_in(page, stack, people()["territory-coordinator"], language)
    found = []
    for where in ("people/", "people/?q=xyzzy", "people/waiting/", "people/invited/", "people/invite/"):
        page.goto(f"{stack.url}/{language}/{where}")
        found += problems(page, where)
    page.fill("#id_email", "ne.adresas@x")
    page.evaluate("document.querySelector('main form').noValidate = true")
    go(page, "main form button.btn")
    found += problems(page, "invitation refused")
    page.goto(f"{stack.url}/{language}/people/waiting/")
    go(page, "main li a.btn")
    found += problems(page, "decide")
    page.goto(f"{stack.url}/{language}/people/?q=simkuniene")
    go(page, "main .people-list h2 a")
    found += problems(page, "card")
    for link in ("a[href*='/people/work/']", "a[href*='/people/role/']"):
        go(page, f"main {link}")
        found += problems(page, link)
        page.go_back()
    return found
