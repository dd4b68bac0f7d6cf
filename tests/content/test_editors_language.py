"""Editors read Lithuanian: Wagtail's screens, its scripts, and what is said to those who may not see them."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext, override

from portal.directory.models import Role
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db

# What stood on these screens in English, or in words of Wagtail's own catalogue that we do not use.
EVERYWHERE = """
    Skip to main content; Sidebar; Close dialog; All keyboard shortcuts; Show keyboard shortcuts;
    Keyboard shortcuts; Save changes; Text editing; Paste; Toggle sidebar; Here are the;
    Publikuo; Vartotoj; Tinklalap; Paveiksliuk
"""
EDIT = """
    Toggle breadcrumbs; Toggle status; Toggle preview; Toggle comments; Toggle checks; Minimap; Side panel;
    No publishing schedule set; Set schedule; Available in; Switch locales; Locking:; Anyone can edit;
    Page visibility; Visible to all; Change privacy; Not visible to the public; First published; Preview in;
    Loading; out of date; Show issue; Words; Reading time; Readability; We calculate; Issues found; Page title;
    Actions (footer); Schedule to publish; Submit to; Autosave; Saved; A network error; View latest version
"""
EXPLORE = """
    Date updated; Owner; Edited by; Has child pages; Page type; Exploring; Sort the order of; Move selected pages;
    Delete selected pages; Publish selected pages; More options for; Show filters; Filter by; Any
"""
ACCOUNT = """
    Theme preferences; Admin theme; System default; Light; Dark; More contrast; Density; Snug; Use server language;
    Use server time zone; Enable custom keyboard; Receive notification; Updated comments notifications
"""
IMAGES = """
    Sort by; Newest; Oldest; Title: (A; File size:; Usage count; Minimum; Maximum; Grid layout; List layout
"""
USERS = """
    Last login; Access level; Assign role; Set active state; Change the active state; More options for
"""


@pytest.fixture
def tomas(client, db):
    """A browser in which Tomas, an editor, is signed in."""
    client.force_login(somebody("Tomas", "Šimkus", role=Role.EDITOR), backend=BACKEND)
    return client


class Shown(HTMLParser):
    """Gathers what a person reads of a screen: its texts, and the names of its buttons and fields."""

    NAMES = ("title", "aria-label", "placeholder", "alt")

    def __init__(self):
        super().__init__()
        self.texts = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.texts += [value for name, value in attrs if name in self.NAMES and value]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.texts.append(data)


def shown(response):
    """Return what a person reads of a screen, as one text."""
    assert response.status_code == 200
    reader = Shown()
    reader.feed(response.text)
    return " ".join(" ".join(reader.texts).split())


def english_on(response, phrases):
    """Which of the phrases are on the screen."""
    page = shown(response)
    assert "Pereiti prie pagrindinio turinio" in page
    wanted = [phrase.strip() for phrase in f"{EVERYWHERE};{phrases}".split(";")]
    return [phrase for phrase in wanted if re.search(rf"\b{re.escape(phrase)}", page)]


def test_page_is_edited_in_lithuanian(tomas, course):
    course.page.save_revision()
    assert english_on(tomas.get(reverse("wagtailadmin_pages:edit", args=[course.page.pk])), EDIT) == []


def test_pages_are_explored_in_lithuanian(tomas, course):
    assert english_on(tomas.get(reverse("wagtailadmin_explore", args=[course.catalogue.pk])), EXPLORE) == []


def test_account_is_set_up_in_lithuanian(tomas, course):
    assert english_on(tomas.get(reverse("wagtailadmin_account")), ACCOUNT) == []


def test_images_are_listed_in_lithuanian(tomas, course):
    assert english_on(tomas.get(reverse("wagtailimages:index")), IMAGES) == []


def test_people_are_listed_in_lithuanian(admin_of_portal, course):
    assert english_on(admin_of_portal.get(reverse("wagtailusers_users:index")), USERS) == []


def test_staff_sign_in_in_lithuanian(client, course):
    page = shown(client.get("/admin/", headers={"Accept-Language": "lt"}, follow=True))
    assert "Prisijungti" in page
    for phrase in ("Sign in", "Password", "E-mail", "Forgotten", "Remember", "log in"):
        assert phrase not in page


def test_somebody_without_a_role_is_told_so_in_lithuanian(client, course, austeja):
    client.force_login(austeja, backend=BACKEND)
    response = client.get("/admin/", headers={"Accept-Language": "lt"}, follow=True)
    assert response.status_code == 403
    assert "Šis puslapis jums neprieinamas" in response.text
    assert "permission" not in response.text
    with override("lt"):
        assert gettext("You do not have permission to access the admin.").startswith("Naudotis")


def test_scripts_speak_lithuanian(tomas, course):
    script = tomas.get(reverse("wagtailadmin_javascript_catalog"), headers={"Accept-Language": "lt"}).text
    words = json.loads(re.search(r"newcatalog = (\{.*?\n  \});", script, re.DOTALL)[1])
    assert words["Unpin toolbar"] == "Atsegti įrankių juostą"
    assert words["Dashboard"] == "Apžvalga"  # Wagtail's own word is a wrong one
    assert words["%(num)s error"] == [
        "%(num)s klaida",
        "%(num)s klaidos",
        "%(num)s klaidos",
        "%(num)s klaidų",
    ]


def test_english_editors_still_read_english(tomas, course):
    script = tomas.get(reverse("wagtailadmin_javascript_catalog"), headers={"Accept-Language": "en"}).text
    assert "Atsegti" not in script
    with override("en"):
        assert gettext("Skip to main content") == "Skip to main content"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "1 paveikslas"), (3, "3 paveikslai"), (10, "10 paveikslų"), (21, "21 paveikslas")],
)
def test_our_plurals_win_over_wagtails(number, words):
    with override("lt"):
        assert ngettext("%(count)s image", "%(count)s images", number) % {"count": number} == words


@pytest.mark.parametrize(
    ("days", "ago"), [(1, "prieš 1 dieną"), (3, "prieš 3 dienas"), (14, "prieš 2 savaites")]
)
def test_time_since_a_change_is_lithuanian(days, ago):
    template = Template("{% load wagtailadmin_tags %}{{ moment|timesince_simple }}")
    with override("lt"):
        text = template.render(Context({"moment": now() - timedelta(days=days, minutes=1)}))
    assert text.replace("\xa0", " ") == ago
