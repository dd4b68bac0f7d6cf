"""The suite in somebody else's Wagtail site: one wheel, the guide's few lines, a course and a launch."""

from __future__ import annotations

import re
import subprocess
import zipfile

import pytest
import requests
from pypdf import PdfReader

from tests.platform.client import PlatformProcess
from tests.production.foreign import COURSE, ForeignSite, build_wheel
from tests.stack import ROOT

pytestmark = pytest.mark.production
PRINT = """
from pathlib import Path
from django.utils.timezone import now
from portal.documents.rendering import render_pdf
pdf = render_pdf(template="bandymas.html", context={}, language="lt", title="Bandymas", created=now())
Path("bandymas.pdf").write_bytes(pdf)
"""
LITHUANIAN = {"Accept-Language": "lt"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """The site, migrated, with a course that a script made, and serving."""
    with ForeignSite(tmp_path_factory.mktemp("foreign"), wheel) as made:
        made.manage("shell", "-v", "0", "-c", COURSE)
        made.start("web")
        yield made


@pytest.fixture(scope="module")
def platform(site, tmp_path_factory):
    with PlatformProcess(tool=site.url, state=tmp_path_factory.mktemp("platform")) as process:
        site.connect(process)
        yield process


def page(site, address):
    answer = requests.get(site.url + address, headers=LITHUANIAN, timeout=20)
    return answer.status_code, answer.text


def test_wheel_holds_all_that_git_knows_of_the_apps_and_what_is_made(wheel):
    packages = ["portal", "courses", "lti", "certificates", "surveys", "events", "templates"]
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *packages],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    wanted = {re.sub(r"\.po$", ".mo", re.sub("^templates/", "portal/templates/", name)) for name in names}
    held = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - held == set()
    for made in ("portal/content/static/vendor/fonts/*.woff2", "portal/documents/fonts/*.ttf"):
        folder, _star, end = made.partition("*")
        assert [name for name in held if name.startswith(folder) and name.endswith(end)]
    assert not [name for name in held if name.startswith(("tests/", "benchmarks/", "build/"))]


def test_apps_come_from_the_wheel_and_are_in_order(site):
    where = site.manage("shell", "-v", "0", "-c", "import portal; print(portal.__file__)")
    assert str(site.bin.parent) in where
    assert "no issues" in site.manage("check")
    site.manage(
        "makemigrations", "--check", "--dry-run"
    )  # nothing that our models or its HomePage still want


def test_its_own_home_page_and_search_stand_in_our_frame(site):
    status, home = page(site, "/")
    assert status == 200 and "Mūsų biblioteka" in home and "kelrodis/kelrodis.css" in home
    assert page(site, "/search/?query=lentynos")[0] == 200
    assert page(site, "/lt/nera-tokio/")[0] == 404


def test_course_is_served_in_lithuanian_with_styles_and_fonts(site):
    for address, words in {
        "/lt/kursai/": "Lentynos",
        "/lt/kursai/lentynos/": "Pradžia",
        "/lt/kursai/lentynos/pradzia/zenklai/": "Lentynos žymimos skaičiais.",
        "/lt/search/?q=lentynu": "Ženklai",
    }.items():
        status, text = page(site, address)
        assert (status, words in text) == (200, True), address
    status, fonts = page(site, "/static/kelrodis/fonts.css")
    font = re.search(r"url\(\"?([^\")]+\.woff2)", fonts)[1]
    assert status == 200
    assert requests.get(requests.compat.urljoin(f"{site.url}/static/kelrodis/fonts.css", font), timeout=9).ok


def test_launch_from_a_platform_ends_at_the_quiz_and_takes_an_answer(site, platform, chromium):
    quiz = site.activities("quiz")[0]
    made = platform.post(
        "/api/activities", title=quiz["title"], custom={"activity": quiz["uuid"]}, graded=True
    )
    context = chromium.new_context(locale="lt-LT")
    tab = context.new_page()
    tab.set_default_timeout(30_000)
    tab.goto(f"{platform.url}/course/{made['course']}/activity/{made['id']}?person=ona")
    frame = tab.frame_locator("#contentframe")
    frame.locator("form[action$='/start/'] button").click()
    frame.get_by_text("Kuo žymimos lentynos?").first.wait_for()
    frame.get_by_label("Skaičiais").check()
    assert frame.get_by_text("Mūsų biblioteka").count() == 0  # no footer in a frame
    context.close()


def test_pdf_is_printed_with_the_fonts_of_the_wheel(site):
    (site.folder / "mysite/templates/bandymas.html").write_text(
        '{% extends "pdf/base.html" %}{% block style %}h1 { font: 600 20pt "Kelrodis Serif" }{% endblock %}'
        "{% block content %}<h1>Pažymėjimas</h1>{% endblock %}",
        encoding="utf-8",
    )
    site.manage("shell", "-v", "0", "-c", PRINT)
    (leaf,) = PdfReader(site.folder / "bandymas.pdf").pages
    fonts = [font.get_object()["/BaseFont"] for font in leaf["/Resources"]["/Font"].values()]
    assert fonts and all("Kelrodis-Serif" in font for font in fonts), fonts
