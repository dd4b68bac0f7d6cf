"""Axe finds nothing on any page template, with no rule or element excluded."""

from __future__ import annotations

import pytest

from tests.browser.conftest import axe, sign_in
from tests.browser.moves import go, launch
from tests.browser.places import addresses, people, short
from tests.browser.test_student_journey import activity_for, new_student

pytestmark = [pytest.mark.browser, pytest.mark.services]
SETTINGS = [(1280, "light", "lt"), (320, "dark", "en")]
SIGNATURE = [
    (width, scheme, language)
    for width in (1280, 320)
    for scheme in ("light", "dark")
    for language in ("lt", "en")
]
# Looked at in every setting; the others, made of the same parts, in two.
ALWAYS = {
    *(
        "home",
        "catalogue",
        "catalogue-filtered",
        "course",
        "lesson",
        "quiz",
        "search",
        "about",
        "accessibility-options",
    ),
    *("resources", "reading-list", "subject-guide", "sign-in", "check-certificate", "not-found"),
}


def problems(page, where):
    """Return what axe finds and whether the page is wider than the screen."""
    found = [(where, *row) for row in axe(page)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append((where, "wider than the screen", []))
    return found


@pytest.mark.parametrize(("width", "scheme", "language"), SIGNATURE)
def test_public_pages_have_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    found = []
    for where, address in addresses(stack, language).items():
        if where in ALWAYS or (width, scheme, language) in SETTINGS:
            page.goto(address)
            found += problems(page, where)
    assert found == []


@pytest.mark.parametrize(("width", "scheme", "language"), SIGNATURE)
def test_learners_pages_have_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    sign_in(page, stack, people()["librarian"], language)
    found = problems(page, "my learning")
    page.goto(short(stack, "course", language)["url"])
    go(page, ".next-step .btn")
    found += problems(page, "lesson, enrolled")
    page.goto(short(stack, "quiz", language)["url"])
    go(page, "form[action$='/start/'] button")
    found += problems(page, "attempt")
    go(page, ".jump button.wide")
    found += problems(page, "review")
    page.goto(f"{stack.url}/{language}/learn/")
    found += problems(page, "my learning, begun")
    page.goto(f"{stack.url}/{language}/password/")
    found += problems(page, "change the password")
    page.goto(f"{stack.url}/{language}/sign-out/")
    found += problems(page, "sign out")
    assert found == []


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_pages_in_the_platforms_frame_have_no_accessibility_faults(
    stack, platform, open_page, width, scheme, language
):
    student = new_student(platform, f"ausra-{width}-{language}", language)
    page = open_page(width=width, scheme=scheme, language=language)
    found = []
    for kind in ("course", "lesson", "quiz"):
        row = short(stack, kind) if kind == "quiz" else stack.activities(kind)[0]
        frame = launch(page, platform, activity_for(platform, row), student)
        found += problems(frame, kind)
    go(frame, "form[action$='/start/'] button")
    frame.wait_for_selector("fieldset.item")
    found += problems(frame, "attempt")
    assert found == []
