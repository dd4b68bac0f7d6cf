"""Wagtail's screens where they would say something wrong: in whose words, by which name, about what was asked for."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry

from portal.content.blocks import BASE_BLOCKS
from portal.directory.models import Role
from tests.content.forms import post_page
from tests.content.test_staff_home import entering
from tests.factories.content import block, standard_page
from tests.security.world import somebody

pytestmark = pytest.mark.django_db
VAGUE = block("text", '<p><a href="https://kelrodis.example/">čia</a></p>', "id-vague")
EMPTY = block("heading", "", "id-empty")


@pytest.mark.parametrize("language", ["lt", "en"])
def test_report_of_old_pages_names_people_by_their_names_and_nobody_by_a_dash(course, language):
    tomas = somebody("Tomas", "Šimkus", role=Role.EDITOR)
    PageLogEntry.objects.log_action(instance=course.lessons[0], action="wagtail.publish", user=tomas)
    page = entering(tomas).get(reverse("wagtailadmin_reports:aging_pages"))
    assert "Tomas Šimkus" in page.text
    assert tomas.get_username() not in page.text
    assert ">None<" not in page.text.replace(" ", "").replace("\n", "")


def test_failed_publishing_says_so_and_names_what_was_sent_not_what_was_saved(admin_of_portal, course):
    page = standard_page(course.home, "Apie", body=[VAGUE], summary="Trumpai.")
    sent = {"body-0-value": "", "body-0-type": "heading"}
    answer = post_page(admin_of_portal, page, "publish", **sent)
    assert answer.status_code == 200
    assert "Puslapis nei paskelbtas, nei pateiktas tvirtinti." in answer.text
    assert "nepavyko išsaugoti" not in answer.text
    assert "nepasako, kur ji veda" not in answer.text  # of the block that is no longer there


def test_saving_that_failed_is_told_in_wagtails_words(admin_of_portal, course):
    page = standard_page(course.home, "Apie", summary="Trumpai.")
    answer = post_page(admin_of_portal, page, title="")
    assert answer.status_code == 200
    assert "Puslapis nei paskelbtas" not in answer.text


@pytest.mark.parametrize("language", ["lt", "en"])
def test_languages_are_named_in_the_readers_own(admin_of_portal, course, language):
    words = {"lt": ("Lietuvių", "Anglų"), "en": ("Lithuanian", "English")}[language]
    page = admin_of_portal.get(
        f"/admin/pages/{course.home.pk}/edit/", headers={"Accept-Language": language}
    ).text
    assert words[0] in page
    assert words[1] in page


def test_list_that_needs_two_rows_begins_with_two():
    blocks = dict(BASE_BLOCKS)
    for name, rows in {"steps": "items", "comparison": "columns"}.items():
        assert len(blocks[name].get_default()[rows]) == 2
