"""A teacher chooses in the platform's frame, a student opens what was chosen: real Chromium, another site."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.services]


@pytest.fixture
def select(platform):
    """Rasa's page where she adds to a course of the platform."""
    course = platform.get("/api/state")["courses"][0]["id"]
    return f"{platform.url}/course/{course}/select?person=rasa"


def activities(platform):
    return {row["id"]: row for row in platform.get("/api/state")["activities"]}


def test_D12_in_the_frame_without_third_party_cookies_a_teacher_chooses_and_a_student_opens_it(
    open_page, platform, portal, select
):
    before = set(activities(platform))
    page = open_page()
    page.goto(select)
    frame = page.frame_locator("#contentframe")
    frame.locator("#words").fill("testas")
    frame.locator("#words").press("Enter")
    quiz = frame.locator(".offer", has_text="Testas").first
    quiz.get_by_role("button", name="Pridėti").click()
    frame.get_by_role("heading", name="Pasirinkta: 1").wait_for()
    assert page.evaluate("document.activeElement.id") == "contentframe"
    frame.locator("#words").fill("")
    frame.locator("#words").press("Enter")
    frame.locator(".offer", has_text="Kursas kursas lt").first.get_by_role("button", name="Pridėti").click()
    frame.get_by_role("heading", name="Pasirinkta: 2").wait_for()
    frame.get_by_role("button", name="Toliau").click()
    frame.get_by_label("Taškai už viską teisingai").first.fill("20")
    frame.get_by_role("button", name="Įdėti į kursą").click()
    frame.locator("#made li").nth(1).wait_for()

    made = [row for key, row in activities(platform).items() if key not in before]
    assert len(made) == 2
    row = next(row for row in made if "estas" in row["title"])
    assert portal.activities("quiz")[0]["uuid"] in str(row["custom"])
    lines = {one["activity"]: one for one in platform.get("/api/state")["lineitems"]}
    assert lines[row["id"]]["score_maximum"] == 20

    page.goto(f"{platform.url}/course/{row['course']}/activity/{row['id']}?person=ona")
    page.frame_locator("#contentframe").locator("form[action$='/start/'] button").wait_for()


def test_without_a_script_the_picker_works_too(chromium, platform, select):
    context = chromium.new_context(locale="lt-LT", java_script_enabled=False)
    page = context.new_page()
    page.goto(select)
    frame = page.frame_locator("#contentframe")
    for step in ("login", "launch"):  # the platform's own pages, which a script sends on otherwise
        frame.locator(f"form[action$='/lti/{step}/'] button").click()
    frame.locator(".offer", has_text="Kursas kursas lt").first.get_by_role("button", name="Pridėti").click()
    frame.get_by_role("button", name="Toliau").click()
    frame.get_by_role("button", name="Įdėti į kursą").click()
    frame.get_by_role("button", name="Toliau").click()
    frame.locator("#made li").first.wait_for()
    context.close()


def test_by_the_keyboard_alone_a_teacher_adds_and_goes_on(open_page, platform, select):
    page = open_page(language="en")
    page.goto(select)
    frame = page.frame_locator("#contentframe")
    button = frame.locator(".offer button[name=add]").first
    button.focus()
    page.keyboard.press("Enter")
    again = frame.locator(".offer button[name=remove]").first
    again.wait_for()
    focused = frame.locator("body").evaluate("() => document.activeElement.id")
    assert focused and focused == again.get_attribute("id")


def test_a_link_that_names_nothing_asks_the_teacher_and_then_opens_for_the_student(open_page, platform):
    made = platform.post("/api/activities", title="Tuščia nuoroda", graded=False)
    address = f"{platform.url}/course/{made['course']}/activity/{made['id']}"
    student = open_page()
    student.goto(f"{address}?person=ona")
    assert "dar nepasirinkta" in student.frame_locator("#contentframe").locator("h1").inner_text()

    page = open_page()
    page.goto(f"{address}?person=rasa")
    frame = page.frame_locator("#contentframe")
    frame.locator(".offer", has_text="Kursas kursas lt").first.get_by_role("link", name="Pridėti").click()
    frame.get_by_role("button", name="Nuo šiol atverti tai").click()
    frame.get_by_role("heading", name="Kursas kursas lt").wait_for()
    frame.get_by_role("link", name="Pasirinkti kitą").wait_for()

    student.goto(f"{address}?person=ona")
    student.frame_locator("#contentframe").get_by_role("heading", name="Kursas kursas lt").wait_for()
