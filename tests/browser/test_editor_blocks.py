"""Recordings and tables made by an editor in a real browser, with Wagtail's and wagtailmedia's own screens."""

from __future__ import annotations

import pytest
import requests

from tests.browser.test_editor import EDITOR, add_block, enter, press, preview_of, told  # noqa: F401 (a fixture)
from tests.factories.content import VTT, WEBM

pytestmark = [pytest.mark.browser, pytest.mark.services]
HOME = "import json; from portal.content.models import HomePage as H; print(json.dumps({'pk': %s}))"
AWAY = """
from portal.content.models import Recording, StandardPage
StandardPage.objects.get(slug="filmas").delete()
Recording.objects.get(title="Vedlys po paiešką").delete()
"""


@pytest.fixture
def home(stack):
    yield told(stack, HOME % "H.objects.get(locale__language_code='lt').pk")["pk"]
    told(stack, AWAY)


def upload(page, stack, *, captions):
    """Upload a video on wagtailmedia's screen, perhaps with captions and a transcript."""
    page.goto(f"{stack.url}/admin/media/video/add/")
    page.set_input_files("#id_file", files=[{"name": "v.webm", "mimeType": "video/webm", "buffer": WEBM}])
    page.fill("#id_title", "Vedlys po paiešką")
    if captions:
        give_captions(page)
    page.click("form[enctype] button[type=submit]")
    page.wait_for_url("**/admin/media/")


def give_captions(page):
    page.set_input_files("#id_captions_lt", files=[{"name": "v.vtt", "mimeType": "text/vtt", "buffer": VTT}])
    page.fill("#id_transcript_lt", "Sveiki, čia paieška.")


def test_video_and_table_are_made_refused_without_captions_and_published_with_them(stack, enter, home):  # noqa: F811
    page = enter(EDITOR)
    upload(page, stack, captions=False)
    page.goto(f"{stack.url}/admin/pages/add/content/standardpage/{home}/")
    page.locator("#id_title").press_sequentially("Filmas")
    page.press("#id_title", "Tab")
    add_block(page, "body", "Vaizdo arba garso įrašas")
    page.fill("[name='body-0-value-title']", "Kaip ieškoti")
    page.click("[data-contentpath='recording'] button[data-chooser-action-choose]:visible")
    page.locator(".modal-body a", has_text="Vedlys po paiešką").first.click()
    page.locator("[data-contentpath='recording']", has_text="Vedlys po paiešką").first.wait_for()
    add_block(page, "body", "Lentelė")
    make_table(page)
    press(page, "publish")
    assert (
        "neturi subtitrų šio puslapio kalba" in page.locator("[data-contentpath='body']").first.inner_text()
    )

    recordings = page.context.new_page()
    recordings.goto(f"{stack.url}/admin/media/")
    recordings.click("text=Vedlys po paiešką")
    recordings.wait_for_selector("#id_captions_lt")
    give_captions(recordings)
    recordings.click("form[enctype] button[type=submit]")
    recordings.wait_for_url("**/admin/media/")

    assert preview_of(page).locator("table caption").inner_text() == "Rūšys"
    press(page, "publish")
    public = requests.get(f"{stack.url}/lt/filmas/", timeout=10).text
    assert "Sveiki, čia paieška." in public and "<video controls" in public
    assert '<th scope="col">Rūšis</th>' in public and '<th scope="row">Knyga</th>' in public


def make_table(page):
    """Fill in a table of one column and one row."""
    table = page.locator("[data-contentpath='table']").last
    table.locator("input[name$='-caption']").fill("Rūšys")
    table.locator("button[data-append-column]").click()
    page.locator(".w-combobox__option, .add-column-menu button", has_text="Tekstas").last.click()
    table.locator("input[name$='-column-0-heading']").fill("Rūšis")
    table.locator("input[name*='-cell-0-0']").fill("Knyga")
