"""Branding: what may be saved, what is refused and by which words, and how it reaches pages, letters and cards."""

from __future__ import annotations

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from certificates.models import CertificateSettings
from portal.content import colours, palette
from portal.content.models import Branding
from portal.outbox.letters import Letter, compose
from tests.queries import counted

pytestmark = pytest.mark.django_db
TEXTS = ("about_lt", "about_en", "contact_lt", "contact_en", "email", "phone", "sponsors_named")
PICTURES = ("logo", "logo_dark", "social", "sponsors")
COLOURS = ("primary_light", "primary_dark", "accent_light", "accent_dark")
EMPTY_NOTE = json.dumps({"entityMap": {}, "blocks": []})
WINE = {"primary_light": "#7b1e3a", "primary_dark": "#f0a3b8"}


def brand(**fields):
    return Branding.objects.create(site=Site.objects.get(), **fields)


def screen():
    return reverse("wagtailsettings:edit", args=["content", "branding", Site.objects.get().pk])


def sent(browser, **fields):
    """Send the form of branding as the browser does."""
    empty = dict.fromkeys(["name", "name_en", *TEXTS, *PICTURES, *COLOURS], "")
    return browser.post(screen(), empty | {"note_lt": EMPTY_NOTE, "note_en": EMPTY_NOTE} | fields)


def sheet_of(client, course):
    """Return the address of the page's own style sheet of colours, or None."""
    found = re.search(r'href="(/brand/[0-9a-f]{12}\.css)"', client.get(course.home.url).text)
    return found[1] if found else None


# Figures from the definition in WCAG 2.2: black on white is 21, a colour on itself 1.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#14574a", "#14574a", 1),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_wcags(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert colours.contrast(other, one) == colours.contrast(one, other)


@pytest.mark.parametrize("scheme", colours.SCHEMES)
@pytest.mark.parametrize("role", ["primary", "accent"])
def test_our_own_colours_would_pass(role, scheme):
    assert palette.fault(colours.token(palette.TOKEN_OF[role], scheme), role, scheme) is None


@given(
    colour=st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
    role=st.sampled_from(["primary", "accent"]),
    scheme=st.sampled_from(colours.SCHEMES),
)
def test_shade_that_is_proposed_always_passes(colour, role, scheme):
    found = palette.fault(colour, role, scheme)
    if found is not None:
        assert found.ratio < found.least
        assert palette.fault(found.shade, role, scheme) is None


def test_colour_that_cannot_be_read_is_refused_with_its_ratio_and_the_nearest_shade(admin_of_portal, course):
    answer = sent(admin_of_portal, name="Nemuno skaitykla", primary_light="#E0A030")
    assert "1,95 : 1" in answer.text
    assert "4,5 : 1 (WCAG 2.2, 1.4.3)" in answer.text
    shade = re.search(r"Artimiausias tinkamas atspalvis: (#[0-9a-f]{6})", answer.text)[1]
    assert not Branding.objects.exclude(name="").exists()
    assert sent(admin_of_portal, name="Nemuno skaitykla", primary_light=shade).status_code == 302
    assert Branding.objects.get().primary_light == shade


@pytest.mark.parametrize(
    ("field", "colour", "words"),
    [
        ("accent_light", "#f5e6c8", "3,0 : 1 (WCAG 2.2, 1.4.11)"),
        ("primary_dark", "#14574a", "4,5 : 1 (WCAG 2.2, 1.4.3)"),
        ("accent_dark", "#2a2a2a", "3,0 : 1 (WCAG 2.2, 1.4.11)"),
        ("primary_light", "red", "#14574a"),
        ("primary_light", "#fff;}", "#14574a"),
    ],
)
def test_wrong_colour_is_refused_by_name(admin_of_portal, course, field, colour, words):
    answer = sent(admin_of_portal, **{field: colour})
    assert words in answer.text
    assert not Branding.objects.exclude(**{field: ""}).exists()


def test_nothing_unreadable_is_saved_by_another_way_either(course):
    with pytest.raises(ValidationError):
        brand(primary_light="#eeeeee")
    assert not Branding.objects.exists()


def test_picture_of_sponsors_has_to_say_who_they_are(admin_of_portal, course):
    image = get_image_model().objects.create(title="Ženklai", file=get_test_image_file())
    assert "Žodžiais pasakykite" in sent(admin_of_portal, sponsors=image.pk).text
    assert (
        sent(admin_of_portal, sponsors=image.pk, sponsors_named="Lietuvos kultūros taryba").status_code == 302
    )
    admin_of_portal.logout()
    assert 'alt="Lietuvos kultūros taryba"' in admin_of_portal.get(course.home.url).text


def test_portal_without_branding_has_no_sheet_of_its_own(client, course):
    assert sheet_of(client, course) is None


def test_colours_reach_pages_in_a_sheet_that_is_kept_for_ever(client, course):
    brand(**WINE)
    address = sheet_of(client, course)
    sheet = client.get(address)
    assert sheet["Content-Type"].startswith("text/css")
    assert "immutable" in sheet["Cache-Control"]
    assert "--pine: light-dark(#7b1e3a, #f0a3b8);" in sheet.text
    assert "--on-pine: light-dark(#ffffff, #10201b);" in sheet.text
    assert "--amber" not in sheet.text
    with counted() as statements:
        client.get(address)
    assert statements == []


def test_new_colours_have_a_new_address_and_the_former_one_is_not_kept(client, course):
    branding = brand(**WINE)
    former = sheet_of(client, course)
    branding.primary_light = "#123c69"
    branding.save()
    assert sheet_of(client, course) not in {former, None}
    again = client.get(former)
    assert again["Cache-Control"] == "no-cache"
    assert "#123c69" in again.text


@pytest.mark.parametrize("path", ["/brand/0123456789ab", "/brand/../settings.css"])
def test_address_that_is_no_sheet_is_not_found(client, course, path):
    assert client.get(path).status_code == 404


def test_name_stands_on_pages_certificates_cards_and_letters(client, course, austeja):
    brand(name="Nemuno skaitykla", **WINE)
    text = client.get(course.page.get_url()).text
    assert "· Nemuno skaitykla</title>" in text
    assert 'property="og:site_name" content="Nemuno skaitykla"' in text
    assert '"name": "Nemuno skaitykla"' in text  # in the description for machines
    assert "Kelrodis</a>" not in text
    settings = CertificateSettings.objects.create(site=Site.objects.get())
    assert settings.in_language("lt")["portal"] == "Nemuno skaitykla"
    assert settings.in_language("en")["portal"] == "Nemuno skaitykla"
    letter = compose(Letter("password_changed", austeja.pk, "k", {"name": "Austėja"}))
    html = letter.alternatives[0][0]
    assert "Nemuno skaitykla" in html
    assert "#7b1e3a" in html
    assert "#14574a" not in html


def test_logo_stands_for_the_name_and_a_shared_page_has_the_chosen_picture(client, course):
    image = get_image_model().objects.create(title="Logotipas", file=get_test_image_file(size=(1400, 800)))
    brand(name="Nemuno skaitykla", logo=image, logo_dark=image, social=image)
    text = client.get(course.home.url).text
    assert text.count('alt="Nemuno skaitykla"') == 2  # header and foot
    assert '<source media="(prefers-color-scheme: dark)"' in text
    card = re.search(r'property="og:image" content="(http[^"]+)"', text)[1]
    assert "fill-1200x630" in card
    client.cookies["kelrodis_display"] = "100.normal.dark"
    assert "<source" not in client.get(course.home.url).text


def test_texts_of_the_foot_are_escaped_and_in_their_language(client, course):
    brand(
        about_lt="<script>alert(1)</script>",
        about_en="About us",
        contact_lt="Upės g. 1\nSenupė",
        email="a@kelrodis.example",
        phone="+370 600 00000",
        note_lt='<p>Projektą remia <b>taryba</b>, <a href="https://kelrodis.example/">daugiau</a>.</p>',
    )
    lithuanian, english = (client.get(f"/{language}/").text for language in ("lt", "en"))
    assert "<script>alert(1)" not in lithuanian
    assert "Upės g. 1<br>Senupė" in lithuanian
    assert 'href="tel:+37060000000"' in lithuanian
    assert "remia <b>taryba</b>" in lithuanian
    assert "About us" in english
    assert "Senupė" not in english


def test_name_in_english_stands_on_english_pages_letters_certificates_and_screens(admin_of_portal, course):
    brand(name="Nemuno skaitykla", name_en="Nemunas Reading Room")
    reader = admin_of_portal.get("/admin/").context["user"]
    for language, name in {"lt": "Nemuno skaitykla", "en": "Nemunas Reading Room"}.items():
        assert f"· {name}</title>" in admin_of_portal.get(f"/{language}/search/").text
        reader.preferred_language = language
        reader.save()
        assert name in compose(Letter("password_changed", reader.pk, language, {"name": "Rasa"})).body
        settings = CertificateSettings(site=Site.objects.get())
        assert settings.in_language(language)["portal"] == name
    welcome = admin_of_portal.get("/admin/").text
    assert "Kelrodis" not in re.sub(r"<(script|style).*?</\1>", "", welcome, flags=re.DOTALL)


def test_shade_for_dark_paper_is_found_where_only_the_light_one_was_chosen(client, course):
    branding = brand(primary_light="#7b1e3a", accent_light="#8a4b00")
    sheet = client.get(sheet_of(client, course)).text
    for role, name in {"primary": "pine", "accent": "amber"}.items():
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\);", sheet)
        assert found[1] == getattr(branding, f"{role}_light")
        assert found[2] not in {found[1], colours.token(name, "dark")}
        assert palette.fault(found[2], role, "dark") is None
    assert branding.primary_dark == ""  # whoever empties the light one has ours again


def test_missing_logo_for_dark_paper_is_told_to_who_keeps_the_branding(admin_of_portal, course):
    image = get_image_model().objects.create(title="Logotipas", file=get_test_image_file())
    branding = brand(name="Nemuno skaitykla", logo=image)
    assert "Nėra logotipo tamsiam fonui" in admin_of_portal.get("/admin/").text
    branding.logo_dark = image
    branding.save()
    assert "Nėra logotipo tamsiam fonui" not in admin_of_portal.get("/admin/").text
