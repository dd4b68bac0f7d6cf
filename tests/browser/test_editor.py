"""The editor's side in a real browser: write, preview, publish; what is refused, and by what words."""

from __future__ import annotations

import json

import pytest
import requests
from playwright.sync_api import TimeoutError, expect

from tests.browser.conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.services]

EDITOR = "egle.drasutyte@kelrodis.example"
AUTHOR = "mindaugas.zemgulys@kelrodis.example"
COURSE = """
import json
from courses.models import CataloguePage, CoursePage, LessonPage, ModulePage
from tests.factories.courses import add
catalogue = CataloguePage.objects.get(locale__language_code="lt")
course = add(catalogue, CoursePage(title="Eglės kursas", slug="egles-kursas", locale=catalogue.locale))
module = add(course, ModulePage(title="Modulis", slug="modulis", locale=course.locale))
body = [{"type": "heading", "id": "h", "value": "Senas skyrius"}]
lesson = add(module, LessonPage(title="Pamoka", slug="pamoka", locale=course.locale, body=body))
print(json.dumps({"module": module.pk, "lesson": lesson.pk, "url": lesson.full_url}))
"""
VERSIONS = """
import json
from courses.models import ActivityVersion
rows = ActivityVersion.objects.filter(activity__title="Pamoka", language="lt").order_by("number")
print(json.dumps([row.number for row in rows]))
"""


@pytest.fixture(scope="module")
def course(stack):
    """A course of its own, so that the demo's stays as other tests know it."""
    made = told(stack, COURSE)
    yield made
    told(stack, "from courses.models import CoursePage; CoursePage.objects.get(slug='egles-kursas').delete()")


def told(stack, script):
    """Run a script inside the portal; return what its last line says in JSON."""
    lines = stack.manage("shell", "--no-imports", "-c", script).strip().splitlines()
    return json.loads(lines[-1]) if lines and lines[-1][0] in "[{" else None


@pytest.fixture
def enter(stack, open_page):
    """Sign somebody in at a wide screen; whatever the browser blocks or fails at fails the test."""
    problems = []

    def opener(email):
        page = open_page(width=1500)
        page.on(
            "console", lambda said: problems.append(said.text) if "Content Security" in said.text else None
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 500 else None)
        sign_in(page, stack, email)
        return page

    yield opener
    assert problems == []


def add_block(page, field, label):
    """Add a block at the end of a field."""
    page.locator(f"[data-contentpath='{field}'] .c-sf-add-button").last.click()
    page.locator(".w-combobox__option", has_text=label).first.click()


def write(page, place, text):
    """Type into the last rich text of a part of the page, and wait until the form has it.

    A new block takes the focus when it is ready, and Draftail hands over what was written a moment later.
    """
    editor = page.locator(f"{place} [contenteditable='true']").last
    for _ in range(3):
        editor.click()
        page.keyboard.type(text)
        if text in editor.inner_text():
            break
    expect(page.locator(f"{place} input[type='hidden'][value*='{text}']").last).to_be_attached()


def press(page, name):
    """Press one of the editor's actions and wait for the page that follows; the menu may close as a draft is saved.

    A saved draft changes the address of the page it is in, which the browser calls a navigation: so it is the
    next page's loading that is waited for.
    """
    button = page.locator(f"button[name='action-{name}']")
    expect(page.locator("#w-autosave-indicator[data-w-autosave-state-value='saving']")).to_have_count(0)
    with page.expect_event("load", timeout=45_000):
        for _ in range(5):
            if not button.is_visible():
                page.click(".footer .w-dropdown__toggle")
            try:
                button.click(timeout=3_000)
            except TimeoutError:
                continue
            break


def preview_of(page):
    """Open the preview beside the form; return its frame."""
    if page.locator("[data-side-panel-toggle='preview'][aria-expanded='false']").count():
        page.click("[data-side-panel-toggle='preview']")
    return page.frame_locator("#w-preview-iframe")


def test_lesson_is_changed_previewed_and_published(stack, enter, course):
    page = enter(EDITOR)
    page.goto(f"{stack.url}/admin/pages/{course['lesson']}/edit/")
    assert page.get_attribute("html", "lang") == "lt"
    line = page.locator("input[readonly][value^='activity=']")
    lessons = {row["title"]: row["uuid"] for row in stack.activities("lesson", anew=True)}
    assert line.input_value() == f"activity={lessons['Pamoka']}"
    before = told(stack, VERSIONS)

    page.fill("[name='body-0-value']", "Naujas skyrius")
    add_block(page, "body", "Paveikslas")
    page.click("[data-contentpath='image'] button[data-chooser-action-choose]:visible")
    page.locator(".image-results a, .modal-body .image-choice").first.click()
    page.wait_for_selector("[data-contentpath='image'] .chooser__image")
    assert "Naujas skyrius" in preview_of(page).locator("h2", has_text="Naujas").inner_text()
    assert "Naujas skyrius" not in requests.get(course["url"], timeout=10).text

    press(page, "publish")
    described = page.locator("[data-contentpath='alt']")
    assert "Aprašykite" in described.inner_text()
    described.locator("input").fill("Tamsus viršelis su šviesia žvaigžde")
    press(page, "publish")
    public = requests.get(course["url"], timeout=10).text
    assert "Naujas skyrius" in public
    assert "Tamsus viršelis su šviesia žvaigžde" in public
    assert told(stack, VERSIONS) == [*before, before[-1] + 1]


def test_new_lesson_with_check_is_previewed_before_it_was_ever_published(stack, enter, course):
    page = enter(EDITOR)
    page.goto(f"{stack.url}/admin/pages/add/courses/lessonpage/{course['module']}/")
    page.fill("#id_title", "Nepaskelbta pamoka")
    add_block(page, "body", "Žinių patikrinimas")
    page.fill("[name$='-question']", "Ar tai tiesa?")
    frame = preview_of(page)
    assert frame.locator("legend", has_text="Ar tai tiesa?").inner_text() == "Ar tai tiesa?"
    assert frame.locator("h1").inner_text() == "Nepaskelbta pamoka"


def test_preview_speaks_the_pages_language(stack, enter):
    english = next(row for row in stack.activities("quiz", "en", anew=True))
    number = told(
        stack,
        "import json; from wagtail.models import Page; "
        f"print(json.dumps({{'pk': Page.objects.get(title={english['title']!r}).pk}}))",
    )
    page = enter(EDITOR)
    page.goto(f"{stack.url}/admin/pages/{number['pk']}/edit/")
    frame = preview_of(page)
    assert frame.locator("h1").inner_text() == english["title"]
    assert frame.locator("html").get_attribute("lang") == "en"


def test_quiz_without_items_or_with_a_broken_one_is_not_published(stack, enter, course):
    page = enter(EDITOR)
    page.goto(f"{stack.url}/admin/pages/add/courses/quizpage/{course['module']}/")
    page.locator("#id_title").press_sequentially("Naujas testas")
    page.press("#id_title", "Tab")
    press(page, "publish")
    items = page.locator("[data-contentpath='items']").first
    assert items.locator(".help-block").count() == 1

    add_block(page, "items", "Vienas atsakymas")
    write(page, "[data-contentpath='prompt']", "Kuris yra tiesa?")
    page.fill("[name='items-0-value-options-0-value-text']", "Pirmas")  # there are two rows from the start
    page.fill("[name='items-0-value-options-1-value-text']", "Antras")
    press(page, "publish")
    assert "Pažymėkite" in items.locator(".help-block").first.inner_text()

    page.check("[name='items-0-value-options-1-value-correct']")
    press(page, "publish")
    quizzes = {row["title"]: row for row in stack.activities("quiz", anew=True)}
    assert requests.get(quizzes["Naujas testas"]["url"], timeout=10).status_code == 200


def test_author_submits_what_only_an_editor_can_publish(stack, enter, course):
    page = enter(AUTHOR)
    page.goto(f"{stack.url}/admin/pages/add/courses/lessonpage/{course['module']}/")
    page.locator("#id_title").press_sequentially("Autoriaus pamoka")
    page.press("#id_title", "Tab")
    add_block(page, "body", "Antraštė")
    page.fill("[name='body-0-value']", "Autoriaus skyrius")
    assert not page.locator("button[name='action-publish']").count()
    press(page, "submit")
    assert "Autoriaus pamoka" not in {row["title"] for row in stack.activities("lesson", anew=True)}

    page = enter(EDITOR)
    page.goto(f"{stack.url}/admin/")
    assert "Autoriaus pamoka" in page.inner_text("main")


def test_visitor_is_asked_to_sign_in_first(stack):
    answer = requests.get(f"{stack.url}/admin/", timeout=10)
    assert "/lt/sign-in/" in answer.url
