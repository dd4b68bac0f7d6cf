"""Joining an account in real Chromium: the code is read in the platform's frame and typed in a tab of its own."""

from __future__ import annotations

import pytest

from tests.lti.test_launch_browser import open_page, platform, quiz  # noqa: F401 (fixtures)
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.services]
MADE = (
    "from tests.factories.courses import make_course; from tests.factories.people import UserFactory; "
    "make_course(); UserFactory(email='austeja@kelrodis.example')"
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """A portal with one published course and Austėja's account, as its own processes."""
    with Stack(tmp_path_factory.mktemp("portal")) as stack:
        stack.manage("shell", "-c", MADE)
        stack.start("web")
        yield stack


def test_the_code_goes_from_the_frame_to_the_tab_and_the_next_launch_opens_the_activity(
    open_page,  # noqa: F811
    quiz,  # noqa: F811
):
    page = open_page()
    page.goto(quiz)
    frame = page.frame_locator("iframe")
    frame.get_by_role("link", name="Turiu ir šio portalo paskyrą").click()
    frame.get_by_role("button", name="Parodyti kodą").click()
    code = frame.locator(".codes").inner_text()
    with page.context.expect_page() as opened:
        frame.get_by_role("link", name="Atverkite naujame skirtuke").click()
    tab = opened.value
    tab.set_default_timeout(15_000)

    tab.get_by_label("El. pašto adresas").fill("austeja@kelrodis.example")
    tab.get_by_label("Slaptažodis").fill("labas-rytas-2026")
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
