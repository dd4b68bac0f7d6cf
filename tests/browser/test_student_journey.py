"""The student's journey in a real browser: Moodle's frame → lesson → quiz → grade → certificate."""

from __future__ import annotations

import pytest
import requests

from tests.browser.conftest import sign_in
from tests.browser.moves import answer_quiz, fill, go, launch, prompt_of, read_course_up_to_quiz
from tests.browser.places import people, short
from tests.browser.solutions import solutions

pytestmark = [pytest.mark.browser, pytest.mark.services]


def new_student(platform, name, language="lt"):
    """A student of the platform, with a name no other test uses."""
    person = platform.post(
        "/api/people",
        username=name,
        given="Gabija",
        family="Šešelgytė",
        role="student",
        locale=language,
        email=f"{name}@kelrodis.example",
    )
    return person["id"]


def activity_for(platform, row, **more):
    """An activity of the platform that opens one of the portal's activities, with a grade column."""
    made = platform.post(
        "/api/activities",
        title=row["title"],
        custom={"activity": row["uuid"]},
        graded=True,
        score_maximum=100,
        **more,
    )
    return made["id"]


def grade(platform, person, activity):
    rows = platform.get("/api/gradebook")
    rows = rows["grades"] if isinstance(rows, dict) else rows
    return [
        row
        for row in rows
        if row["person"] == person and row["activity"] == activity and row["score"] is not None
    ]


@pytest.mark.parametrize(("language", "width"), [("lt", 1280), ("en", 320)])
def test_student_learns_in_the_platforms_frame_and_the_grade_and_certificate_follow(
    stack, platform, open_page, language, width
):
    student = new_student(platform, f"gabija-{language}", language)
    course = activity_for(platform, short(stack, "course"))
    quiz = activity_for(platform, short(stack, "quiz"))
    page = open_page(width=width, language=language)

    frame = launch(page, platform, course, student)
    assert f"/{language}/" in frame.url
    go(frame, ".next-step a.btn")
    read_course_up_to_quiz(frame)

    frame = launch(page, platform, quiz, student)
    go(frame, "form[action$='/start/'] button")
    answer_quiz(frame, solutions(language))
    assert frame.inner_text("h1").startswith({"lt": "10 iš 10", "en": "10 of 10"}[language])

    stack.wait_for(lambda: grade(platform, student, quiz), "the quiz's grade", 40)
    stack.wait_for(lambda: grade(platform, student, course), "the course's completion", 40)
    assert [row["score"] for row in grade(platform, student, quiz)] == [100]

    frame = launch(page, platform, course, student)
    go(frame, ".next-step a.btn")
    frame.wait_for_selector("a[href$='/pdf/']", timeout=40_000)
    verify = frame.eval_on_selector("a[href*='/verify/']", "link => link.href")
    assert requests.get(verify, timeout=10).status_code == 200


def test_journey_works_without_javascript(stack, open_page):
    page = open_page(javascript=False)
    sign_in(page, stack, people()["student"])
    page.goto(short(stack, "course")["url"])
    go(page, ".next-step .btn")
    read_course_up_to_quiz(page)
    go(page, "form[action$='/start/'] button")
    answer_quiz(page, solutions("lt"))
    assert page.inner_text("h1").startswith("10 iš 10")
    page.goto(f"{stack.url}/lt/learn/")
    assert page.query_selector("#completed")


def test_answers_survive_a_reload_a_lost_connection_and_a_relaunch(stack, platform, open_page):
    student = new_student(platform, "patvarioji")
    quiz = activity_for(platform, short(stack, "quiz"))
    page = open_page()
    frame = launch(page, platform, quiz, student)
    go(frame, "form[action$='/start/'] button")
    frame.wait_for_selector("fieldset.item")
    answers = solutions("lt")

    item = frame.query_selector("fieldset.item")
    prompt = prompt_of(item)
    page.context.set_offline(True)
    fill(item, answers[prompt])
    frame.wait_for_selector("[data-saved].problem", timeout=10_000)
    page.context.set_offline(False)
    frame.wait_for_selector("[data-saved]:not(.problem) >> text=Išsaugota", timeout=25_000)

    again = launch(page, platform, quiz, student)
    go(again, "form[action$='/start/'] button")
    again.wait_for_selector("fieldset.item")
    item = again.query_selector("fieldset.item")
    assert prompt_of(item) == prompt
    kept = again.eval_on_selector_all(
        "fieldset.item input[name^='r-']",
        "inputs => inputs.some(input => ['radio', 'checkbox'].includes(input.type) ? input.checked : input.value)",
    )
    assert kept


def test_clock_counts_down_and_the_page_stays(stack, platform, open_page):
    student = new_student(platform, "laikrodis")
    frame = launch(open_page(), platform, activity_for(platform, short(stack, "quiz")), student)
    go(frame, "form[action$='/start/'] button")
    frame.page.wait_for_timeout(1500)
    assert frame.inner_text("[data-clock]").startswith("19:")
    frame.evaluate("window.stayed = true")
    frame.page.wait_for_timeout(8000)
    assert frame.evaluate("window.stayed")


def test_going_on_without_a_connection_keeps_the_page_and_the_answer(stack, platform, open_page):
    student = new_student(platform, "be-rysio")
    page = open_page()
    frame = launch(page, platform, activity_for(platform, short(stack, "quiz")), student)
    go(frame, "form[action$='/start/'] button")
    item = frame.query_selector("fieldset.item")
    page.context.set_offline(True)
    fill(item, solutions("lt")[prompt_of(item)])
    frame.wait_for_selector("[data-saved].problem")
    frame.click(".pager button.btn:not(.quiet)")
    page.wait_for_timeout(500)
    assert frame.query_selector("[data-saved].problem")
    page.context.set_offline(False)
    frame.wait_for_selector("[data-saved]:not(.problem) >> text=Išsaugota", timeout=25_000)
    go(frame, ".pager button.btn:not(.quiet)")


def test_lost_session_in_the_frame_is_explained_there(stack, platform, open_page):
    student = new_student(platform, "be-sesijos")
    page = open_page()
    frame = launch(page, platform, activity_for(platform, short(stack, "quiz")), student)
    go(frame, "form[action$='/start/'] button")
    page.context.clear_cookies()
    item = frame.query_selector("fieldset.item")
    fill(item, solutions("lt")[prompt_of(item)])
    frame.wait_for_selector("[data-saved].problem >> text=Jūsų prisijungimas nebegalioja")
    frame.click(".pager button.btn:not(.quiet)")
    frame.wait_for_selector("h1 >> text=Jūsų prisijungimas nebegalioja")


def test_nameless_student_types_a_name_before_the_certificate_is_made(stack, platform, open_page):
    person = platform.post("/api/people", username="be-vardo", anonymous=True, role="student", locale="lt")[
        "id"
    ]
    course = activity_for(platform, short(stack, "course"))
    page = open_page()
    frame = launch(page, platform, course, person)
    go(frame, ".next-step a.btn")
    read_course_up_to_quiz(frame)
    go(frame, "form[action$='/start/'] button")
    answer_quiz(frame, solutions("lt"))
    frame = launch(page, platform, course, person)
    go(frame, ".next-step a.btn")
    frame.wait_for_selector("a[href$='/certificates/name/']", timeout=30_000)
    go(frame, "a[href$='/certificates/name/']")
    frame.fill("input[name='first_name']", "Eglė")
    frame.fill("input[name='last_name']", "Čiurlytė-Žąsinienė")
    frame.click("main form button")
    frame.click("main form button[value='confirm']")
    frame.wait_for_selector("a[href*='/verify/']", timeout=40_000)


def test_new_tab_also_works(stack, platform, open_page):
    student = new_student(platform, "nauja-kortele")
    lesson = activity_for(platform, stack.activities("lesson")[0])
    page = open_page()
    start = platform.get("/api/launch_url", person=student, activity=lesson)["start"]
    page.goto(start)
    page.wait_for_selector("main h1")
    assert page.url.startswith(stack.url)
    go(page, "form[action$='/finish/'] button")
    page.wait_for_load_state()
    assert "/lt/" in page.url
