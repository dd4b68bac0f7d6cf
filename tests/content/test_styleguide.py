"""The living style guide: complete, in both languages, for staff, from the templates the pages are made of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from portal.content import colours
from portal.content.models import Branding
from portal.styleguide.samples import samples
from tests.content.test_branding import WINE, brand

pytestmark = pytest.mark.django_db
URL = "/lt/styleguide/"
SHEET = Path(settings.BASE_DIR) / "portal/static/styleguide/styleguide.css"


def components():
    """Return the templates of all components."""
    folder = Path(settings.BASE_DIR) / "templates"
    return {str(path.relative_to(folder)) for path in (folder / "components").rglob("*.html")}


def test_every_component_is_shown_and_nothing_that_is_none():
    assert {sample.template for sample in samples()} == components()


@pytest.mark.parametrize(("language", "title"), [("lt", "Stiliaus vadovas"), ("en", "Style guide")])
def test_every_state_is_shown_in_both_languages(admin_of_portal, course, language, title):
    text = admin_of_portal.get(f"/{language}/styleguide/").text
    assert f"<h1>{title}</h1>" in text
    with override(language):
        shown = samples()
    states = [state for sample in shown for state in sample.states]
    assert len(re.findall(r'<div class="guide-state guide-', text)) == len(states)
    for sample in shown:
        assert f'<h2 id="{sample.anchor}">{sample.title}</h2>' in text


@pytest.mark.parametrize(
    "sample", [sample for sample in samples() if sample.framed], ids=lambda sample: sample.name
)
def test_landmark_has_a_page_of_its_own_that_only_we_may_frame(admin_of_portal, course, sample):
    for number, _state in enumerate(sample.states):
        answer = admin_of_portal.get(f"{URL}{sample.anchor}/{number}/")
        assert answer.status_code == 200
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_every_colour_is_shown_with_its_contrast(admin_of_portal, course):
    text = admin_of_portal.get(URL).text
    sheet = SHEET.read_text(encoding="utf-8")
    for name, shades in colours.tokens().items():
        assert f".swatch-{name} {{ background: var(--{name}); }}" in sheet
        for scheme, value in shades.items():
            ratio = colours.contrast(value, colours.token("paper", scheme))
            assert f'{value}</code> <span class="ratio">{ratio:.2f}'.replace(".", ",") in text.replace(
                ".", ","
            )


def test_institutions_colours_stand_in_place_of_ours(admin_of_portal, course):
    brand(**WINE)
    text = admin_of_portal.get(URL).text
    assert "#7b1e3a" in text
    assert "#14574a" not in text
    assert Branding.objects.count() == 1


def test_address_without_a_language_leads_there(admin_of_portal, course):
    assert admin_of_portal.get("/styleguide/", headers={"Accept-Language": "en"}).url == "/en/styleguide/"
