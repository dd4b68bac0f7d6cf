"""The site in a real browser: another face, another way of showing it, the menu without a script, the style guide."""

from __future__ import annotations

import pytest

from tests.browser.conftest import sign_in
from tests.browser.places import addresses, people
from tests.browser.test_accessibility import SETTINGS, SIGNATURE, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]
REBRAND = """
from portal.content.models import Branding
branding = Branding.objects.get()
branding.name, branding.primary_light, branding.primary_dark = {values}
branding.accent_light, branding.accent_dark = {accents}
branding.save()
"""
# As far from ours as the check lets them: exactly what it proposes for a bright yellow-brown and a bright orange.
WORST = ("'Nemuno skaitykla', '#8b631e', '#8b8b8b'", "'#cb731a', '#6e6e6e'")
OURS = ("'', '', ''", "'', ''")
PAGES = ("home", "catalogue", "course", "lesson", "quiz", "sign-in", "accessibility-options", "site-map")
STRONGEST = {
    "size": "160",
    "spacing": "wide",
    "theme": "light",
    "contrast": "high",
    "links": "underlined",
    "motion": "still",
}


@pytest.fixture(scope="module")
def rebranded(stack):
    """The portal in colours that only just pass, and back again."""
    stack.manage("shell", "--no-imports", "-c", REBRAND.format(values=WORST[0], accents=WORST[1]))
    yield stack
    stack.manage("shell", "--no-imports", "-c", REBRAND.format(values=OURS[0], accents=OURS[1]))


def colour(page, name):
    return page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('{name}')")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_rebranded_portal_has_no_accessibility_faults(rebranded, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    blocked = []
    page.on("console", lambda said: blocked.append(said.text) if "Content Security" in said.text else None)
    found = []
    known = addresses(rebranded, language)
    for where in PAGES:
        page.goto(known[where])
        found += problems(page, where)
    button = page.evaluate("getComputedStyle(document.querySelector('.bar .btn, .btn')).borderColor")
    assert button == {"light": "rgb(139, 99, 30)", "dark": "rgb(139, 139, 139)"}[scheme]
    sign_in(page, rebranded, people()["librarian"], language)
    found += problems(page, "my learning")
    assert "Nemuno skaitykla" in page.title()
    assert (found, blocked) == ([], [])


def choose(page, stack, language, choices):
    """Choose how pages are shown, by the form alone."""
    page.goto(f"{stack.url}/{language}/accessibility/")
    for name, value in choices.items():
        page.check(f"input[name={name}][value='{value}']")
    with page.expect_navigation():
        page.click("main form .btn")


@pytest.mark.parametrize(("width", "language"), [(1280, "lt"), (320, "en")])
def test_pages_are_shown_as_was_asked_without_a_script(stack, open_page, width, language):
    page = open_page(width=width, scheme="dark", language=language, javascript=False)
    choose(page, stack, language, STRONGEST)
    page.goto(addresses(stack, language)["lesson"])
    style = "getComputedStyle(document.{})"
    assert page.evaluate(f"{style.format('documentElement')}.fontSize") == "27.2px"  # 1.6 × 17
    assert page.evaluate(f"{style.format('body')}.letterSpacing") != "normal"
    assert page.evaluate(f"{style.format('documentElement')}.backgroundColor") == "rgb(255, 255, 255)"
    links = page.evaluate("getComputedStyle(document.querySelector('.brand')).textDecorationLine")
    assert links == "underline"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "lt")])
def test_strongest_choices_have_no_accessibility_faults(stack, open_page, width, language, theme):
    page = open_page(width=width, language=language)
    choose(page, stack, language, STRONGEST | {"theme": theme})
    found = []
    known = addresses(stack, language)
    for where in PAGES:
        page.goto(known[where])
        found += problems(page, where)
    assert found == []


def test_menu_opens_on_a_narrow_screen_without_a_script(stack, open_page):
    page = open_page(width=320, javascript=False)
    page.goto(f"{stack.url}/lt/")
    entry = page.locator(".menu nav a").first
    assert not entry.is_visible()
    page.click(".menu summary")
    assert entry.is_visible()
    with page.expect_navigation():
        entry.click()
    assert page.locator(".menu nav a[aria-current='page']").count() == 1


@pytest.mark.parametrize(("width", "scheme", "language"), SIGNATURE)
def test_style_guide_has_no_accessibility_faults(stack, open_page, width, scheme, language):
    page = open_page(width=width, scheme=scheme, language=language)
    sign_in(page, stack, people()["editor"], language)
    page.goto(f"{stack.url}/{language}/styleguide/")
    found = problems(page, "style guide")
    frames = page.eval_on_selector_all(
        "iframe:not(.guide-narrow)", "frames => frames.map(frame => frame.src)"
    )
    assert len(frames) == 9
    for address in frames:
        page.goto(address)
        found += problems(page, address)
    assert found == []
