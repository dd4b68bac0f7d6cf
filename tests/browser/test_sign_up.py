"""Opening an account in a real browser: sign up, read the letter, confirm, enrol; forget the password, set another."""

from __future__ import annotations

import re

import pytest

from tests.browser.moves import go
from tests.browser.test_accessibility import SETTINGS, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]
PASSWORD = "rytas-prie-nemuno"
NEW = "vakaras-prie-marių"


def link_sent(page, stack, email, what):
    """Return the link to ``what`` in the newest letter to ``email``, once a worker has sent it."""
    found = []

    def arrived():
        page.goto(f"{stack.url}/dev/mail/")
        if email not in page.inner_text("main"):
            return False
        page.click("main a[href*='.log/']")
        found[:] = re.findall(rf"{stack.url}/\S*/{what}/\S+/", page.inner_text("main"))
        return found and email in page.inner_text("main")

    stack.wait_for(arrived, f"a letter to {email}")
    return found[0]


def sign_up(page, stack, language, email):
    """Fill the form in, first with a password that is refused."""
    page.fill("#id_first_name", "Ugnė")
    page.fill("#id_last_name", "Šilaitė")
    page.fill("#id_email", email)
    page.fill("#id_password1", "123456789012")
    go(page, "main form button.btn")
    found = problems(page, "sign up, refused")
    page.fill("#id_password1", PASSWORD)
    go(page, "main form button.btn")
    assert email in page.inner_text("main")
    return found + problems(page, "letter sent")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_newcomer_signs_up_from_a_course_confirms_and_is_enrolled_in_it(
    stack, open_page, width, scheme, language
):
    page = open_page(width=width, scheme=scheme, language=language)
    email = f"ugne-{width}@kelrodis.example"
    course = stack.activities("course", language)[0]["url"]
    page.goto(course)
    go(page, ".next-step .btn")
    go(page, "main a[href*='/sign-up/']")
    found = sign_up(page, stack, language, email)
    page.goto(link_sent(page, stack, email, "sign-up/confirm"))
    found += problems(page, "confirm")
    link = page.url
    go(page, "main form button")
    assert page.url == course
    go(page, ".next-step .btn")
    page.goto(f"{stack.url}/{language}/learn/")
    assert page.query_selector(".resume a[href]")
    page.goto(link)
    found += problems(page, "link used")
    assert found == []


def test_forgotten_password_is_set_anew_and_shown_while_it_is_typed(stack, open_page):
    page = open_page()
    email = "ugne-pamirso@kelrodis.example"
    page.goto(f"{stack.url}/lt/sign-up/")
    sign_up(page, stack, "lt", email)
    page.goto(link_sent(page, stack, email, "sign-up/confirm"))
    go(page, "main form button")
    page.context.clear_cookies()
    page.goto(f"{stack.url}/lt/sign-in/")
    go(page, "main a[href$='/password/forgotten/']")
    page.fill("#id_email", email)
    go(page, "main form button.btn")
    page.goto(link_sent(page, stack, email, "password/new"))
    found = problems(page, "new password")
    page.fill("#id_password1", NEW)
    page.click(".reveal")
    assert page.get_attribute("#id_password1", "type") == "text"
    found += problems(page, "new password, shown")
    go(page, "main form button.btn")
    assert page.url.endswith("/lt/learn/")
    assert found == []
