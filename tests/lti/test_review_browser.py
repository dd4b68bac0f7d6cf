"""From the trial platform's grade book to what a student did: in its frame, with third-party cookies blocked."""

from __future__ import annotations

import pytest

from tests.browser.moves import ANSWERS, go
from tests.browser.test_accessibility import SETTINGS, problems

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
def place(portal, platform):
    """A course of the platform with the portal's course and quiz, a student and two who have not come."""
    made = {"course": platform.post("/api/courses", shortname="P-1", title="Peržiūros")["id"]}
    for kind in ("course", "quiz"):
        row = portal.activities(kind)[0]
        custom = {"activity": row["uuid"]}
        more = {"title": row["title"], "custom": custom, "graded": True, "course": made["course"]}
        made[f"{kind} there"] = platform.post("/api/activities", **more)["id"]
    people = {row["username"]: row["id"] for row in platform.get("/api/state")["people"]}
    for name in ("ona", "sarunas", "jonas", "emma", "rasa"):
        platform.post(f"/api/people/{name}", courses=[made["course"]])
    return made | people


def framed(page, address):
    """Return the portal's frame in a page of the platform."""
    page.goto(address)
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector("main h1")
    return frame


def tries(frame):
    """Take the quiz the frame shows: the first choice of every question, and no word."""
    go(frame, "form[action$='/start/'] button")
    for _step in range(20):
        for item in frame.query_selector_all("fieldset.item"):
            first = item.query_selector(ANSWERS)
            if first.get_attribute("type") in {"radio", "checkbox"}:
                first.check()
        go(frame, ".pager button.btn:not(.quiet)")
        if frame.query_selector("form[action$='/finish/']"):
            break
    go(frame, "form[action$='/finish/'] button")
    frame.wait_for_selector(".results")


def analysed(page, platform, place, activity, student):
    """Choose *Grade analysis* of a student in the grade book, as Rasa; return the frame it opens in."""
    page.goto(f"{platform.url}/gradebook?person={place['rasa']}")
    path = f"/course/{place['course']}/activity/{place[activity]}"
    page.click(f'a[href="{path}?person={place["rasa"]}&for={place[student]}"]')
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector("main h1")
    return frame


@pytest.mark.parametrize(("width", "scheme", "language"), SETTINGS)
def test_a_teacher_opens_a_students_attempts_from_the_grade_book(
    platform, place, open_page, width, scheme, language
):
    platform.post("/api/people/rasa", locale=language)
    whose = {"lt": "ona", "en": "sarunas"}[language]  # two attempts are all there are
    quiz = f"{platform.url}/course/{place['course']}/activity/{place['quiz there']}?person={whose}"
    student = open_page()
    tries(framed(student, quiz))
    tries(framed(student, quiz))

    page = open_page(width, scheme, language)
    frame = analysed(page, platform, place, "quiz there", whose)
    assert frame.inner_text("h1") == {"lt": "Ona Kazlauskaitė", "en": "Šarūnas Čepaitis"}[language]
    assert frame.query_selector(".results .opt.right") and frame.query_selector(".results .explanation")
    found = problems(frame, "attempt")
    go(frame, ".review-list a")
    found += problems(frame, "another attempt")
    go(frame, ".review-ways a:last-child")
    found += problems(frame, "the whole course")
    go(frame, ".review-list a")
    assert frame.query_selector(".results")
    go(frame, ".review-ways a")
    found += problems(frame, "class with links")
    go(frame, ".class-list h2 a")
    assert frame.query_selector(".review-part")

    frame = analysed(page, platform, place, "course there", whose)
    assert frame.query_selector(".review-part")
    frame = analysed(page, platform, place, "quiz there", "emma")
    assert not frame.query_selector(".results")
    found += problems(frame, "nothing of this person")
    assert found == []


def test_without_a_script_the_attempt_is_shown_too(chromium, platform, place, open_page):
    tries(
        framed(
            open_page(),
            f"{platform.url}/course/{place['course']}/activity/{place['quiz there']}?person=jonas",
        )
    )
    context = chromium.new_context(locale="lt-LT", java_script_enabled=False)
    page = context.new_page()
    path = f"/course/{place['course']}/activity/{place['quiz there']}"
    page.goto(f"{platform.url}{path}?person=rasa&for={place['jonas']}")
    frame = page.frame_locator("#contentframe")
    for step in ("login", "launch"):  # the platform's own pages, which a script sends on otherwise
        frame.locator(f"form[action$='/lti/{step}/'] button").click()
    frame.locator(".results .opt").first.wait_for()
    context.close()
