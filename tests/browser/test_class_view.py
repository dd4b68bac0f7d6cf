"""The class view in real Chromium, inside the platform's frame: a teacher sees the whole class, reads the list anew."""

from __future__ import annotations

import time

import pytest

from tests.browser.moves import go, launch
from tests.browser.places import short
from tests.browser.test_accessibility import SETTINGS, problems
from tests.browser.test_student_journey import activity_for

pytestmark = [pytest.mark.browser, pytest.mark.services]


def shown_in_time(frame, selector):
    """Look again until the worker has done its part."""
    for _time in range(40):
        if frame.query_selector(selector):
            return
        time.sleep(0.5)
        frame.goto(frame.url)
    pytest.fail(f"{selector} never came")


def test_a_teacher_sees_who_has_not_come_and_may_read_the_list_anew(stack, platform, open_page):
    name = "destytoja-klaseje"
    teacher = platform.post("/api/people", username=name, given="Rasa", family="Stonkutė", role="teacher")
    row = short(stack, "quiz")
    course = platform.post("/api/courses", shortname="KL-1", title="Klasė")["id"]
    ids = {"courses": [course]}
    platform.post(f"/api/people/{name}", **ids)
    platform.post("/api/people", username=f"{name}-1", given="Šarūnė", family="Ąžuolaitė", **ids)
    activity = activity_for(platform, row, course=course)
    frame = launch(open_page(), platform, activity, teacher["id"])

    go(frame, "header a[href$='/class/']")
    shown_in_time(frame, ".class-list li")

    assert "Šarūnė Ąžuolaitė" in frame.inner_text(".class-list")
    go(frame, ".class-list-state button")
    assert frame.query_selector(".notice-info")  # it was read a moment ago
    go(frame, ".class-filter a[href*='absent']")
    assert "Šarūnė Ąžuolaitė" in frame.inner_text(".class-list")


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_the_class_view_has_no_accessibility_faults(stack, platform, open_page, width, scheme, language):
    teacher = platform.post(
        "/api/people",
        username=f"klase-{width}",
        given="Rasa",
        family="Stonkutė",
        role="teacher",
        locale=language,
    )
    page = open_page(width=width, scheme=scheme, language=language)
    frame = launch(page, platform, activity_for(platform, short(stack, "course")), teacher["id"])
    go(frame, "header a[href$='/class/']")
    found = problems(frame, "class, before the list")
    shown_in_time(frame, ".class-list li")
    found += problems(frame, "class")
    go(frame, ".class-filter a[href*='not_arrived']")
    found += problems(frame, "class, nobody fits")
    go(frame, ".class-list-state button")
    found += problems(frame, "class, asked too soon")
    assert found == []
