"""Finding a course in a real browser: with script nothing is loaded anew, without it a form does the same."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]
SAFETY = "Skaitmeninis saugumas"


def titles(page):
    return page.locator(".found h3").all_inner_texts()


def choose(page, value):
    """Tick a choice and wait for its list: the address changes after it."""
    page.locator(f"input[value='{value}']").click()
    page.wait_for_url(f"**/?topic={value}")
    assert page.evaluate("document.activeElement.value") == value  # the keyboard stays where it was


def test_choice_narrows_the_list_in_place_and_back_undoes_it(stack, open_page):
    page = open_page()
    page.goto(f"{stack.url}/lt/kursai/")
    everything = titles(page)
    page.evaluate("window.stayed = true")
    choose(page, "skaitmenine-sauga")
    assert titles(page) == [SAFETY]
    assert page.url.endswith("?topic=skaitmenine-sauga")
    assert page.locator("#found").inner_text() == "1 kursas"
    assert page.locator("header .lang").get_attribute("href").endswith("?topic=skaitmenine-sauga")
    with page.expect_response(lambda answer: answer.url.endswith("/kursai/")):
        page.go_back()
    page.wait_for_function(
        "count => document.querySelectorAll('.found h3').length === count", arg=len(everything)
    )
    assert titles(page) == everything
    assert not page.locator("input[value='skaitmenine-sauga']").is_checked()
    assert page.evaluate("window.stayed") is True


def test_order_is_chosen_without_a_button(stack, open_page):
    page = open_page()
    page.goto(f"{stack.url}/lt/kursai/")
    page.select_option("#sort", "title")
    page.wait_for_url("**/?sort=title")
    assert page.locator("#sort").input_value() == "title"
    assert titles(page) == sorted(titles(page))


def test_without_script_a_form_does_the_same(stack, open_page):
    page = open_page(javascript=False)
    page.goto(f"{stack.url}/lt/kursai/")
    page.check("input[value='skaitmenine-sauga']")
    page.click("[data-show]")
    assert titles(page) == [SAFETY]
    page.click(".rail a")
    assert len(titles(page)) > 1


def test_narrow_screen_has_the_filters_folded(stack, open_page):
    page = open_page(width=320)
    page.goto(f"{stack.url}/lt/kursai/")
    assert not page.locator("input[value='skaitmenine-sauga']").is_visible()
    page.click(".rail summary")
    choose(page, "skaitmenine-sauga")
    assert titles(page) == [SAFETY]
    assert page.locator("input[value='skaitmenine-sauga']").is_visible()


@pytest.mark.parametrize("path", ["/lt/", "/lt/kursai/"])  # the home page has a search of its own
def test_search_finds_a_lesson_from_any_page(stack, open_page, path):
    page = open_page()
    page.goto(f"{stack.url}{path}")
    asked = page.get_by_role("searchbox")
    asked.fill("slaptazodziai")
    asked.press("Enter")
    page.wait_for_url("**/lt/search/?q=slaptazodziai")
    assert SAFETY in page.inner_text(".hits")
