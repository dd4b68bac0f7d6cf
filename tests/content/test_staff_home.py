"""The staff's home: what waits for whom, within what they may see, in either language, at a constant cost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from wagtail.models import Page
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from portal import attention
from portal.attention import Concern, Entry
from portal.directory.models import Affiliation, Role
from tests.factories.courses import make_course
from tests.factories.people import LibraryFactory
from tests.queries import counted
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


def entering(person):
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    return browser


@pytest.fixture
def tomas(db):
    """Tomas, an editor."""
    return somebody("Tomas", "Šimkus", role=Role.EDITOR)


@pytest.fixture
def egle(db):
    """Eglė, an author."""
    return somebody("Eglė", "Įmantė", role=Role.AUTHOR)


def waiting(person, language="lt"):
    """Return what waits for the person: the titles under each heading, and how many in all."""
    from django.utils.translation import override

    with override(language):
        return {
            concern.heading: ([entry.title for entry in concern.entries], concern.total)
            for concern in attention.concerns_of(person)
        }


def published(page, moment):
    Page.objects.filter(pk=page.pk).update(last_published_at=moment)


def test_translation_is_out_of_date_once_its_source_was_published_after_it(tomas, course):
    lesson, english = course.lessons[0], course.others["en"].lessons[0]
    assert "Vertimai, senesni už pirminį puslapį" not in waiting(tomas)
    published(lesson, now() + timedelta(hours=1))
    assert waiting(tomas)["Vertimai, senesni už pirminį puslapį"] == ([english.title], 1)
    assert waiting(tomas, "en")["Translations older than their source"] == ([english.title], 1)
    published(english, now() + timedelta(hours=2))
    assert "Vertimai, senesni už pirminį puslapį" not in waiting(tomas)


def test_translation_with_a_part_missing_waits_until_it_is_whole(tomas, course):
    english = course.others["en"].lessons[0]
    source, _made = TranslationSource.get_or_create_from_instance(course.lessons[0])
    source.refresh_segments()
    Translation.objects.create(source=source, target_locale=english.locale)
    heading = "Ne iki galo išversti puslapiai"
    assert waiting(tomas)[heading] == ([english.title], 1)
    for segment in source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string, context=segment.context, locale=english.locale, data="Translated"
        )
    assert heading not in waiting(tomas)


def test_page_in_one_language_only_is_named(tomas, course):
    course.others["en"].quiz.delete()
    assert waiting(tomas)["Puslapiai tik viena kalba"] == (["Testas"], 1)


def test_page_with_a_date_is_named_with_it(tomas, course):
    lesson = course.lessons[0]
    Page.objects.filter(pk=lesson.pk).update(expire_at=now() + timedelta(days=3))
    course.quiz.go_live_at = now() + timedelta(days=1)
    course.quiz.save_revision().publish()
    Page.objects.filter(pk=course.lessons[1].pk).update(expire_at=now() + timedelta(days=60))
    assert waiting(tomas)["Netrukus"] == (["Testas", "Pamoka 1"], 2)
    text = entering(tomas).get("/admin/").text
    assert "bus paskelbta" in text
    assert "bus nuimta" in text


def old_draft(page, person):
    page.title = f"{page.title}, taisoma"
    revision = page.save_revision(user=person)
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=now() - timedelta(days=15))
    return revision


def test_own_draft_of_long_ago_is_named_unless_it_waits_for_approval(tomas, egle, course):
    heading = "Seni jūsų juodraščiai"
    page = course.lessons[0]
    old_draft(page, tomas)
    assert waiting(tomas)[heading] == (["Pamoka 1, taisoma"], 1)
    assert heading not in waiting(egle)
    page.get_workflow().start(page, egle)
    assert heading not in waiting(tomas)


def test_author_is_told_only_of_pages_of_their_own(egle, tomas, course):
    course.others["en"].quiz.delete()
    published(course.lessons[0], now() + timedelta(hours=1))
    assert waiting(egle) == {}
    Page.objects.filter(pk=course.quiz.pk).update(owner=egle)
    assert waiting(egle) == {"Puslapiai tik viena kalba": (["Testas"], 1)}


@pytest.mark.parametrize(
    ("language", "words"), [("lt", "Niekas jūsų nelaukia"), ("en", "Nothing waits for you")]
)
def test_home_says_so_when_nothing_waits(tomas, course, language, words):
    assert words in entering(tomas).get("/admin/", headers={"Accept-Language": language}).text


def test_any_app_may_say_what_waits(tomas, course, monkeypatch):
    monkeypatch.setattr(attention, "_sources", dict(attention._sources))
    entry = Entry("Živilė Čepulienė", "/admin/people/1/", "nuo lapkričio 20 d.")
    attention.concern(order=5)(
        lambda user: Concern("Darbovietės, laukiančios patvirtinimo", 7, [entry], "/admin/x/")
    )
    attention.concern(order=6)(lambda user: Concern("Tuščia", 0))
    attention.concern(order=7)(lambda user: None)
    text = entering(tomas).get("/admin/").text
    assert "Darbovietės, laukiančios patvirtinimo" in text
    assert 'href="/admin/x/"' in text
    assert "Tuščia" not in text


def test_home_takes_the_same_queries_however_much_waits(tomas, course):
    def cost():
        attention.concerns_of(tomas)
        with counted() as statements:
            attention.concerns_of(tomas)
        return len(statements)

    few = cost()
    for number in range(3):
        other = make_course(f"kursas-{number}")
        other.others["en"].page.delete()
        for page in other.lessons:
            old_draft(page, tomas)
    assert cost() == few
    heading = waiting(tomas)["Puslapiai tik viena kalba"]
    assert len(heading[0]) == attention.SHOWN < heading[1]
    assert f"ir dar {heading[1] - attention.SHOWN}" in entering(tomas).get("/admin/").text


def test_people_who_wait_for_their_library_are_named_to_whom_it_is_to_decide(tomas, egle):
    library = LibraryFactory(name_lt="Zarasų biblioteka")
    Affiliation.objects.create(user=egle, library=library, date_from=date(2026, 11, 1))
    administrator = somebody("Rūta", "Žemaitė", role=Role.ADMINISTRATOR)
    heading = "Žmonės, laukiantys bibliotekos patvirtinimo"
    assert waiting(administrator)[heading] == (["Eglė Įmantė, Zarasų biblioteka"], 1)
    assert heading not in waiting(tomas)
    page = entering(administrator).get("/admin/").text
    assert "/people/waiting/" in page
