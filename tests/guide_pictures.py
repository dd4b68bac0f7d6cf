"""The pictures of the editor's and the administrator's guides: ``make screens ARGS=--guides``.

Each is taken in both languages from the demo, by the steps the guides tell, so a label that changed stops it. They
go to ``docs/pictures/guides/<language>/``, in few colours, and are committed.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests import guide_pictures_moodle
from tests.browser.conftest import sign_in
from tests.browser.places import people
from tests.stack import ROOT

OUT = ROOT / "docs" / "pictures" / "guides"
COLOURS = 96
WORDS = {
    "lt": {
        "translate": "Versti šį puslapį",
        "submit": "Pateikti",
        "title": "Kaip pasitikrinti šaltinį",
        "summary": "Trys klausimai, kuriuos verta užduoti kiekvienam šaltiniui.",
        "heading": "Kas tai parašė?",
    },
    "en": {
        "translate": "Translate this page",
        "submit": "Submit",
        "title": "How to check a source",
        "summary": "Three questions to ask of every source.",
        "heading": "Who wrote it?",
    },
}


def keep(page, language: str, name: str) -> None:
    """Store what the window shows."""
    page.wait_for_timeout(900)  # Wagtail's panels slide in
    folder: Path = OUT / language
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)


def opened(browser, stack, language: str, person: str):
    """Return a page where a person of the demo is signed in."""
    context = browser.new_context(
        viewport={"width": 1280, "height": 800}, locale={"lt": "lt-LT", "en": "en-GB"}[language]
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    sign_in(page, stack, people()[person], language)
    return page


def key_of(stack, kind: str, language: str, which: str = "first") -> int:
    """Return the key of a page of the demo."""
    asked = f"{kind}.objects.filter(locale__language_code={language!r}).{which}().pk"
    told = stack.manage("shell", "--no-imports", "-c", f"from courses.models import {kind}; print({asked})")
    return int(told.strip().splitlines()[-1])


def editors(browser, stack, language: str) -> None:
    """Take the pictures of an editor's day."""
    page = opened(browser, stack, language, "editor")
    admin = f"{stack.url}/admin"
    keep_home(page, admin, language)
    page.goto(f"{admin}/pages/{key_of(stack, 'CataloguePage', language)}/")
    keep(page, language, "pages")
    page.goto(f"{admin}/pages/{key_of(stack, 'LessonPage', language)}/edit/")
    page.locator("[data-side-panel-toggle='preview']").click()
    page.wait_for_timeout(4_000)
    keep(page, language, "lesson")
    page.goto(f"{admin}/pages/{key_of(stack, 'QuizPage', language)}/edit/")
    page.locator("[data-contentpath='items']").first.scroll_into_view_if_needed()
    keep(page, language, "quiz")
    translation(page, stack, language)


def keep_home(page, admin: str, language: str) -> None:
    """Take the staff's home."""
    page.goto(f"{admin}/")
    keep(page, language, "home")


def translation(page, stack, language: str) -> None:
    """Write a short lesson, publish it, and begin its translation."""
    words, admin = WORDS[language], f"{stack.url}/admin"
    module = key_of(stack, "ModulePage", language)
    page.goto(f"{admin}/pages/add/courses/lessonpage/{module}/")
    page.locator("#id_title").press_sequentially(words["title"])
    page.press("#id_title", "Tab")
    page.fill("#id_summary", words["summary"])
    page.locator("[data-contentpath='body'] .c-sf-add-button").last.click()
    page.wait_for_timeout(600)
    keep(page, language, "blocks")
    page.locator(".w-combobox__option").nth(1).click()
    page.fill("[name='body-0-value']", words["heading"])
    page.click(".footer .w-dropdown__toggle")
    with page.expect_navigation():
        page.click("button[name='action-publish']")
    made = key_of(stack, "LessonPage", language, "order_by('-pk').first")
    page.goto(f"{admin}/pages/{made}/edit/")
    page.locator(".w-slim-header .w-dropdown__toggle").last.click()
    page.get_by_role("link", name=words["translate"]).first.click()
    page.locator("main input[type=checkbox][name=locales]").check()
    keep(page, language, "translate")
    with page.expect_navigation():
        page.get_by_role("button", name=words["submit"]).click()
    page.wait_for_timeout(1500)
    keep(page, language, "translation")


def administrators(browser, stack, language: str) -> None:
    """Take the pictures of the administrator's guide."""
    page = opened(browser, stack, language, "administrator")
    page.goto(f"{stack.url}/admin/settings/content/branding/")
    keep(page, language, "branding")
    page.goto(f"{stack.url}/admin/users/")
    keep(page, language, "people")


def take(browser, stack, platform) -> None:
    """Take all pictures of the guides."""
    for language in WORDS:
        editors(browser, stack, language)
        administrators(browser, stack, language)
    guide_pictures_moodle.take(browser, stack, platform, keep)
    for picture in sorted(OUT.rglob("*.png")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB")
