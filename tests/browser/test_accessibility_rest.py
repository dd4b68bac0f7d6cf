"""Axe on the pages one reaches only by doing something: result, name, certificate, refusals, letters."""

from __future__ import annotations

import pytest
import requests

from tests.browser.conftest import axe
from tests.browser.moves import answer_quiz, go, launch, read_course_up_to_quiz
from tests.browser.places import short
from tests.browser.solutions import solutions
from tests.browser.test_accessibility import SETTINGS, problems
from tests.browser.test_student_journey import activity_for

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_way_to_the_certificate_has_no_accessibility_faults(
    stack, platform, open_page, width, scheme, language
):
    person = platform.post(
        "/api/people", username=f"kelias-{language}", anonymous=True, role="student", locale=language
    )["id"]
    page = open_page(width=width, scheme=scheme, language=language)
    course = activity_for(platform, short(stack, "course"))
    frame = launch(page, platform, course, person)
    go(frame, ".next-step a.btn")
    read_course_up_to_quiz(frame)
    go(frame, "form[action$='/start/'] button")
    answer_quiz(frame, solutions(language))
    found = problems(frame, "result")
    frame = launch(page, platform, course, person)
    found += problems(frame, "course completed")
    go(frame, ".next-step a.btn")
    frame.wait_for_selector("a[href$='/certificates/name/']", timeout=30_000)
    found += problems(frame, "my learning, waiting for a name")
    go(frame, "a[href$='/certificates/name/']")
    found += problems(frame, "name")
    frame.fill("input[name='first_name']", "Eglė")
    frame.fill("input[name='last_name']", "Čiurlytė")
    go(frame, "main form button")
    found += problems(frame, "name confirmed")
    go(frame, "main form button")
    frame.wait_for_selector("a[href$='/pdf/']", timeout=40_000)
    found += problems(frame, "my learning, certificate")
    page.goto(frame.eval_on_selector("a[href*='/verify/']", "link => link.href"))
    found += problems(page, "certificate verified")
    assert found == []


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_refusals_and_letters_have_no_accessibility_faults(
    stack, platform, open_page, width, scheme, language
):
    page = open_page(width=width, scheme=scheme, language=language)
    page.goto(f"{stack.url}/lti/launch/")
    found = problems(page, "refused launch")
    person = platform.post("/api/people", username=f"atmesta-{width}", role="student", locale=language)["id"]
    empty = platform.post("/api/activities", title="Tuščia")["id"]
    found += problems(launch(page, platform, empty, person), "nothing chosen")
    page.goto(f"{stack.url}/dev/mail/")
    found += problems(page, "letters")
    found += problems(in_new_context(platform, open_page(width, scheme, language), person, empty), "new tab")
    bare = requests.get(f"{stack.url}/{language}/", headers={"Host": "kitur.example"}, timeout=10)
    assert bare.status_code == 400
    page.route(
        "**/bare", lambda route: route.fulfill(body=bare.text, content_type="text/html; charset=utf-8")
    )
    page.goto(f"{stack.url}/bare")
    found += [("bare error page", *row) for row in axe(page)]
    assert found == []


def in_new_context(platform, page, person, activity):
    """Return the frame that offers a new tab: where the cookie of the first hop did not come back."""
    params = platform.login_request(person=person, activity=activity)
    page.goto(platform.url)
    page.evaluate(
        """([tool, params]) => {
            const frame = document.createElement("iframe");
            frame.id = "contentframe";
            frame.title = "Portal";
            frame.src = `${tool}/lti/login/?${new URLSearchParams({...params, cookie_check: "1"})}`;
            document.body.append(frame);
        }""",
        [platform.tool, params],
    )
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector("main a[target=_blank]")
    return frame
