"""The pictures of the guide to learning platforms: administrators' screens, and a teacher's in the frame."""

from __future__ import annotations

from tests.browser.conftest import sign_in
from tests.browser.moves import answer_quiz, go, launch
from tests.browser.places import people, short
from tests.browser.solutions import solutions

CLASS = {
    "lt": [("Ona", "Kazlauskaitė"), ("Jonas", "Žukauskas"), ("Šarūnė", "Ąžuolaitė"), ("Tomas", "Šimkus")],
    "en": [("Emma", "Clarke"), ("Jonas", "Žukauskas"), ("Oliver", "Reed"), ("Sofia", "Marino")],
}
COURSE = {"lt": "Informatikos įvadas", "en": "Introduction to computing"}


def opened(browser, language: str):
    """Return a page of a window as the guides show it."""
    locale = {"lt": "lt-LT", "en": "en-GB"}[language]
    page = browser.new_context(viewport={"width": 1280, "height": 960}, locale=locale).new_page()
    page.set_default_timeout(30_000)
    return page


def furnished(platform, language: str) -> dict:
    """Make a course of the platform with its teacher (``teacher``) and class (``students``); return their ids."""
    course = platform.post("/api/courses", shortname=f"INF-{language}", title=COURSE[language])["id"]

    def person(number: int, given: str, family: str, role: str) -> str:
        made = platform.post(
            "/api/people",
            username=f"guide-{language}-{number}",
            given=given,
            family=family,
            role=role,
            locale=language,
            courses=[course],
        )
        return str(made["id"])

    teacher = person(0, *{"lt": ("Rasa", "Stonkutė"), "en": ("Ruth", "Stone")}[language], "teacher")
    students = [person(number, *name, "student") for number, name in enumerate(CLASS[language], 1)]
    return {"course": course, "teacher": teacher, "students": students}


def placed(platform, stack, kind: str, language: str, course: int) -> int:
    """Put an activity of ours into the platform's course."""
    row = short(stack, kind, language)
    made = platform.post(
        "/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True, course=course
    )
    return int(made["id"])


def administrators(browser, stack, platform, language: str, keep) -> None:
    """An invitation, connecting by hand, and a platform that has been tested."""
    page = opened(browser, language)
    sign_in(page, stack, people()["administrator"], language)
    admin = f"{stack.url}/admin/platforms"
    page.goto(f"{admin}/by-hand/")
    keep(page, language, "connect-by-hand")
    page.goto(f"{admin}/invite/")
    keep(page, language, "invite")
    page.goto(f"{admin}/")
    page.locator("main td a").first.click()
    page.locator("form[action$='/test/'] button").first.click()
    page.wait_for_selector(".found .passed")
    page.wait_for_selector("[data-preparing]", state="detached")
    keep(page, language, "platform-tested")


def teachers(browser, stack, platform, language: str, keep) -> None:
    """The picker in the platform's window, and the class with its grades."""
    made = furnished(platform, language)
    quiz = placed(platform, stack, "quiz", language, made["course"])
    course = placed(platform, stack, "course", language, made["course"])
    for number, student in enumerate(made["students"][:3]):
        frame = launch(opened(browser, language), platform, quiz if number < 2 else course, student)
        if number < 2:
            go(frame, "form[action$='/start/'] button")
        if number == 0:
            answer_quiz(frame, solutions(language))
    page = opened(browser, language)
    page.goto(f"{platform.url}/course/{made['course']}/select?person={made['teacher']}")
    frame = page.wait_for_selector("#contentframe").content_frame()
    frame.wait_for_selector(".offer")
    go(frame, ".offer button[name=add]")
    keep(page, language, "picker")
    frame = launch(page, platform, quiz, made["teacher"])
    go(frame, "header a[href$='/class/']")
    for _time in range(40):
        if frame.query_selector_all(".class-list li"):
            break
        page.wait_for_timeout(500)
        frame.goto(frame.url)
    keep(page, language, "class")


def take(browser, stack, platform, keep) -> None:
    """Take them in both languages."""
    for language in COURSE:
        teachers(browser, stack, platform, language, keep)
        administrators(browser, stack, platform, language, keep)
