"""``make screens``: a picture of every page of the demo, into ``var/screens/``.

Lithuanian and English, 320 and 1280 pixels wide, light and dark; and inside the trial platform's
frame. It starts a portal of its own in a temporary folder. With ``--guides`` it takes the pictures of
the guides instead (``tests.guide_pictures``).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import guide_pictures
from tests.browser.conftest import sign_in
from tests.browser.moves import answer_quiz, go, launch, read_course_up_to_quiz
from tests.browser.places import addresses, people, short
from tests.browser.solutions import solutions
from tests.platform.client import PlatformProcess
from tests.stack import ROOT, Stack

OUT = ROOT / "var" / "screens"
SETTINGS = [
    (width, scheme, language)
    for width in (1280, 320)
    for scheme in ("light", "dark")
    for language in ("lt", "en")
]


class Camera:
    """A browser in one setting, and where its pictures go."""

    def __init__(self, browser, width, scheme, language):
        self.name = f"{language}-{width}-{scheme}"
        self.language = language
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 600 else 640},
            color_scheme=scheme,
            locale={"lt": "lt-LT", "en": "en-GB"}[language],
        )
        self.page = context.new_page()
        self.page.set_default_timeout(30_000)

    def shoot(self, what):
        """Take a picture of the whole page."""
        folder = OUT / what
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{self.name}.png", full_page=True)


def public(camera, stack):
    """Pictures of what anybody sees."""
    for what, address in addresses(stack, camera.language).items():
        camera.page.goto(address)
        camera.shoot(what)


def learning(camera, stack, email):
    """Pictures of a course being taken, to the certificate."""
    page, language = camera.page, camera.language
    sign_in(page, stack, email, language)
    camera.shoot("my-learning-empty")
    page.goto(short(stack, "course", language)["url"])
    go(page, ".next-step .btn")
    camera.shoot("lesson-enrolled")
    read_course_up_to_quiz(page)
    go(page, "form[action$='/start/'] button")
    camera.shoot("attempt")
    go(page, ".jump button.wide")
    camera.shoot("review")
    go(page, ".pager a.btn")
    answer_quiz(page, solutions(language))
    camera.shoot("result")
    page.goto(short(stack, "course", language)["url"])
    camera.shoot("course-completed")
    page.goto(f"{stack.url}/{language}/learn/")
    page.wait_for_timeout(6000)
    page.reload()
    camera.shoot("my-learning")
    page.goto(page.eval_on_selector("a[href*='/verify/']:not([href$='/verify/'])", "link => link.href"))
    camera.shoot("certificate-verified")
    page.goto(f"{stack.url}/{language}/sign-out/")
    camera.shoot("sign-out")


def framed(camera, stack, platform):
    """Pictures inside the platform's frame."""
    person = platform.post(
        "/api/people",
        username=f"ekrane-{camera.name}",
        given="Ūla",
        family="Žąsinaitė",
        role="student",
        locale=camera.language,
    )["id"]
    for kind in ("course", "lesson", "quiz"):
        row = stack.activities(kind)[0]
        activity = platform.post(
            "/api/activities", title=row["title"], custom={"activity": row["uuid"]}, graded=True
        )
        launch(camera.page, platform, activity["id"], person)
        camera.page.wait_for_timeout(300)
        camera.shoot(f"frame-{kind}")


def guides():
    """Take the pictures of the guides."""
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "var") as stack:
        stack.manage("demo")
        stack.start("web", "worker", "beat")
        platform = PlatformProcess(tool=stack.url, state=Path(folder) / "platform")
        with platform, sync_playwright() as playwright:
            stack.connect(platform)
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            guide_pictures.take(browser, stack, platform)
            browser.close()


def main():
    """Take all pictures."""
    shutil.rmtree(OUT, ignore_errors=True)
    learners = [email for key, email in people().items() if key != "administrator"]
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder) / "var") as stack:
        stack.manage("demo")
        stack.start("web", "worker", "beat")
        platform = PlatformProcess(tool=stack.url, state=Path(folder) / "platform")
        with platform, sync_playwright() as playwright:
            stack.connect(platform)
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox"]
            )
            for number, setting in enumerate(SETTINGS):
                camera = Camera(browser, *setting)
                public(camera, stack)
                framed(camera, stack, platform)
                learning(camera, stack, learners[number])
                print(camera.name)
            browser.close()
    print(f"{len(list(OUT.rglob('*.png')))} pictures in {OUT.relative_to(ROOT)}/")


if __name__ == "__main__":
    guides() if "--guides" in sys.argv else main()
