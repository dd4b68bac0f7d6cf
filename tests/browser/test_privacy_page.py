"""The page of a data-privacy launch in real Chromium, inside the platform's frame."""

from __future__ import annotations

import pytest

from tests.browser.moves import go, launch
from tests.browser.places import short
from tests.browser.test_accessibility import SETTINGS, problems
from tests.browser.test_student_journey import activity_for

pytestmark = [pytest.mark.browser, pytest.mark.services]


def ask(page, platform, person, about):
    """Open the platform's page of a data-privacy launch; return the frame the portal is in."""
    page.goto(platform.get("/api/launch_url", person=person, about=about)["page"])
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector("main h1")
    return frame


@pytest.fixture
def student(platform, request):
    """Make somebody who has no name there."""
    name = f"privatus-{abs(hash(request.node.name))}"
    return platform.post("/api/people", username=name, anonymous=1)["id"]


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_the_page_has_no_accessibility_faults(stack, platform, open_page, student, width, scheme, language):
    platform.post(f"/api/people/{student}", locale=language)
    admin = platform.post(
        "/api/people",
        username=f"admin-{student}",
        given="Rasa",
        family="Stonkutė",
        role="admin",
        locale=language,
    )["id"]
    page = open_page(width=width, scheme=scheme, language=language)
    found = problems(ask(page, platform, student, student), "privacy, nothing kept")
    launch(page, platform, activity_for(platform, short(stack, "course")), student)
    found += problems(ask(page, platform, student, student), "privacy, one's own")
    frame = ask(page, platform, admin, student)
    found += problems(frame, "privacy, another's")
    go(frame, "form[action$='/platform-data/erase/'] button")
    found += problems(frame, "privacy, passed on")
    assert found == []


def test_somebody_without_a_name_erases_themselves_from_within_the_platform(
    stack, platform, open_page, student
):
    page = open_page()
    launch(page, platform, activity_for(platform, short(stack, "course")), student)
    frame = ask(page, platform, student, student)
    go(frame, "main a[href$='/my-data/erase/']")
    frame.check("input[name=understood]")
    go(frame, "main form button")
    assert frame.query_selector(".notice-warning")
