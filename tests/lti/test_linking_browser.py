"""Joining an account in real Chromium: the code is read in the platform's frame and typed in a tab of its own."""

from __future__ import annotations

import pytest

from tests.browser.moves import go
from tests.browser.test_accessibility import SETTINGS, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]
PASSWORD = "labas-rytas-2026"


@pytest.fixture
def account(portal, request):
    """The address of Austėja's account here, another one in each test."""
    address = f"austeja-{abs(hash(request.node.name))}@kelrodis.example"
    wanted = f"username={address!r}, email={address!r}"
    make = f"from tests.factories.people import UserFactory; UserFactory({wanted})"
    portal.manage("shell", "-c", make)
    return address


@pytest.fixture
def place(portal, platform, request):
    """Return the address of a new student's page of a quiz on the platform, in a language."""
    row = portal.activities("quiz")[0]
    made = platform.post("/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True)
    name = f"gabija-{abs(hash(request.node.name))}"

    def address(language="lt"):
        about = {"given": "Gabija", "family": "Šešelgytė", "role": "student", "locale": language}
        platform.post("/api/people", username=name, **about)
        return f"{platform.url}/course/{made['course']}/activity/{made['id']}?person={name}"

    return address


def test_the_code_goes_from_the_frame_to_the_tab_and_the_next_launch_opens_the_activity(
    open_page, place, account
):
    page, quiz = open_page(), place()
    page.goto(quiz)
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Turiu ir šio portalo paskyrą").click()
    frame.get_by_role("button", name="Parodyti kodą").click()
    code = frame.locator(".codes").inner_text()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Atverkite naujame skirtuke").click()
    tab = opened.value
    tab.set_default_timeout(15_000)

    tab.get_by_label("El. pašto adresas").fill(account)
    tab.get_by_label("Slaptažodis").fill(PASSWORD)
    tab.get_by_role("button", name="Prisijungti", exact=True).click()
    tab.get_by_label("Kodas").fill(code.lower())
    tab.get_by_role("button", name="Toliau").click()
    assert "Austėja Žvirblytė" in tab.locator("dl").inner_text()
    tab.get_by_role("button", name="Abu – aš, sujungti").click()
    tab.get_by_text("Sujungta. Tai, ko išmokote").wait_for()

    frame.get_by_role("link", name="Turiu ir šio portalo paskyrą").click()
    frame.get_by_role("heading", name="Jūsų prisijungimas nebegalioja").wait_for()
    page.goto(quiz)
    frame.get_by_role("button", name="Pradėti testą").wait_for()


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_the_pages_of_joining_have_no_accessibility_faults(
    open_page, portal, place, account, width, scheme, language
):
    page = open_page(width, scheme, language)
    page.goto(place(language))
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector("main h1")
    go(frame, "footer a[href$='/join/'], .foot a[href$='/join/'], a[href$='/join/']")
    found = problems(frame, "join, offered")
    go(frame, "main form button")
    found += problems(frame, "join, the code")
    code = frame.locator(".codes").inner_text()

    tab = page.context.new_page()
    tab.goto(f"{portal.url}/{language}/join/code/")
    tab.fill("#id_login", account)
    tab.fill("#id_password", PASSWORD)
    go(tab, "main form button")
    tab.fill("#code", "ABCD-EFGH")
    go(tab, "main form button")
    found += problems(tab, "join, no such code")
    tab.fill("#code", code)
    go(tab, "main form button")
    found += problems(tab, "join, both named")
    go(tab, "main form button")
    found += problems(tab, "join, joined")
    assert found == []
