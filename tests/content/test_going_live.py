"""What goes live when: by the clock, by approval, by translating; and that nothing goes live by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime, now
from freezegun import freeze_time
from wagtail.models import Locale, PageLogEntry, TaskState, Workflow, WorkflowPage
from wagtail_localize.models import Translation

from courses.models import LessonPage, ModulePage
from portal.celery import app
from portal.content.flows.scheduling import keep_dates
from portal.content.models import StandardPage
from portal.content.tasks import keep_dates as task
from portal.directory.models import Role
from tests.content.forms import post_page
from tests.content.test_checks import translate
from tests.courses.test_publishing import outline, titles, versions
from tests.factories.content import every_block, recording, recording_block, standard_page
from tests.factories.courses import add
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


def at(hours):
    return now() + timedelta(hours=hours)


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def schedule(page, **fields):
    page = fresh(page)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_clock_looks_at_the_pages_every_minute():
    row = app.conf.beat_schedule["pages-by-date"]
    assert (row["task"], row["schedule"]) == (task.name, 60.0)
    assert task.name in app.tasks


def test_lesson_goes_live_on_its_date_and_is_frozen_then(course):
    schedule(course.lessons[0], title="Rytojaus pamoka", go_live_at=at(1))
    task()
    assert len(versions(course.lesson_activity(0))) == 1
    with freeze_time(at(2)):
        task()
    assert [row.payload["title"] for row in versions(course.lesson_activity(0))] == [
        "Pamoka 1",
        "Rytojaus pamoka",
    ]
    assert titles(course)[0] == "Rytojaus pamoka"


def test_lesson_is_taken_down_on_its_date_and_leaves_the_outline(
    client, course, django_capture_on_commit_callbacks
):
    schedule(course.lessons[0], expire_at=at(1))
    with freeze_time(at(2)), django_capture_on_commit_callbacks(execute=True):
        assert keep_dates().taken_down == [course.lessons[0].pk]
    assert [title for title, _url in outline(course)] == ["Pamoka 2", "Testas"]
    assert client.get(course.lessons[0].url).status_code == 404


def test_editor_sets_the_date_in_the_form(admin_of_portal, client, course):
    page = standard_page(course.home, "Senas", summary="Trumpai.")
    when = localtime(at(1)).strftime("%Y-%m-%d %H:%M")
    assert post_page(admin_of_portal, page, "publish", title="Naujas", go_live_at=when).status_code == 302
    client.logout()
    assert "<h1>Senas</h1>" in client.get(page.get_url()).text
    with freeze_time(at(26)):
        keep_dates()
    assert "<h1>Naujas</h1>" in client.get(page.get_url()).text


def test_one_unfinished_page_holds_up_no_other_and_its_history_says_why(course):
    made = recording()
    poor = standard_page(course.home, "Filmas", slug="filmas", body=[recording_block(made)])
    good = standard_page(course.home, "Kita", slug="kita")
    schedule(poor, title="Filmas iš naujo", go_live_at=at(1))
    schedule(good, title="Kita iš naujo", go_live_at=at(1))
    made.captions_lt.delete()
    with freeze_time(at(2)):
        done = keep_dates()
        assert (done.published, done.refused) == ([good.pk], [poor.pk])
        assert keep_dates().refused == []
    assert (fresh(poor).title, fresh(good).title) == ("Filmas", "Kita iš naujo")
    entry = PageLogEntry.objects.get(action="content.not_published")
    assert entry.page_id == poor.pk
    assert "subtitrų" in entry.data["reasons"][0]


def test_what_an_author_submits_goes_live_when_an_editor_approves_and_is_frozen_then(client, course):
    author = somebody("Rasa", "Stonkutė", role=Role.AUTHOR)
    editor = somebody("Eglė", "Drąsutytė", role=Role.EDITOR)
    module = course.lessons[0].get_parent()
    lesson = LessonPage(title="Autorės", slug="autores", locale=course.page.locale, owner=author, live=False)
    module.add_child(instance=lesson)
    lesson.save_revision(user=author)
    WorkflowPage.objects.get_or_create(
        page=lesson.get_root(), defaults={"workflow": Workflow.objects.get(active=True)}
    )
    client.force_login(author, backend=BACKEND)
    assert post_page(client, lesson, "publish", title="Autorės pamoka").status_code == 302
    assert not fresh(lesson).live  # an author's "publish" is only a draft
    assert post_page(client, lesson, "submit").status_code == 302
    assert not fresh(lesson).live and "Autorės pamoka" not in titles(course)
    client.force_login(editor, backend=BACKEND)
    state = TaskState.objects.get(status="in_progress")
    client.post(
        reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk]), {"comment": ""}
    )
    assert fresh(lesson).live
    assert "Autorės pamoka" in titles(course)


# Translations -----------------------------------------------------------------------------------


def submit(browser, page, **fields):
    """Begin a translation into English on Wagtail's screen."""
    english = Locale.objects.get(language_code="en").pk
    address = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    assert browser.post(address, {"locales": [english]} | fields).status_code == 302


def shown_to_all(page):
    return Client().get(page.get_url()).text


def english_of(page):
    return type(page).objects.get(translation_key=page.translation_key, locale__language_code="en")


def test_translation_of_a_page_with_every_block_is_a_draft(admin_of_portal, client, course):
    page = standard_page(course.home, body=every_block(), summary="Trumpai.")
    submit(admin_of_portal, page)
    draft = english_of(page)
    assert not draft.live and draft.has_unpublished_changes
    client.logout()
    assert client.get(draft.get_url()).status_code == 404


def test_original_that_is_updated_and_synchronised_changes_nothing_readers_see(
    admin_of_portal, course, django_capture_on_commit_callbacks
):
    page = standard_page(course.home, "Apie", summary="Trumpai.")
    submit(admin_of_portal, page)
    kept = Translation.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        kept.save_target(publish=True)
    before = shown_to_all(english_of(page))
    assert "<h1>Apie</h1>" in before
    schedule(page, title="Apie portalą", introduction="Naujas įvadas")
    address = reverse("wagtail_localize:update_translations", args=[kept.source_id])
    assert admin_of_portal.post(address, {}).status_code == 302
    kept.refresh_from_db()
    kept.save_target(publish=False)  # what saving a draft of it does
    assert shown_to_all(english_of(page)) == before
    draft = english_of(page)
    assert draft.has_unpublished_changes
    assert draft.get_latest_revision_as_object().introduction == "Naujas įvadas"


def test_live_translation_made_by_hand_stays_as_it_is_when_what_is_above_it_is_translated(
    admin_of_portal, client, course
):
    module = add(course.page, ModulePage(title="Antras", slug="antras", locale=course.page.locale))
    lesson, english = fresh(course.lessons[0]), course.others["en"].lessons[0]
    lesson.move(module, pos="last-child")
    submit(admin_of_portal, module, include_subtree="on")
    after = fresh(english)
    assert (after.live, after.title, after.slug) == (True, english.title, english.slug)
    assert "Lesson 1 tekstas" in str(after.body)
    client.logout()
    assert f"<h1>{english.title}</h1>" in client.get(english.url).text


@pytest.mark.django_db(transaction=True)
def test_unfinished_translation_is_not_published_with_the_update_of_others(admin_of_portal, course):
    page = standard_page(course.home, body=[recording_block(recording(captions=("lt",)))], summary="Trumpai.")
    submit(admin_of_portal, page)
    address = reverse("wagtail_localize:update_translations", args=[Translation.objects.get().source_id])
    answer = admin_of_portal.post(address, {"publish_translations": "on"}, follow=True)
    assert answer.status_code == 200
    assert not english_of(page).live


@pytest.mark.django_db(transaction=True)
def test_unfinished_translation_is_not_published_from_its_own_screen(admin_of_portal, course):
    page = standard_page(course.home, body=[recording_block(recording(captions=("lt",)))], summary="Trumpai.")
    submit(admin_of_portal, page)
    answer = admin_of_portal.post(
        f"/admin/pages/{english_of(page).pk}/edit/", {"action": "publish"}, follow=True
    )
    assert answer.status_code == 200
    assert not english_of(page).live


def test_translator_gets_texts_but_neither_addresses_nor_files(admin_of_portal, course):
    page = standard_page(course.home, body=every_block(), summary="Trumpai.")
    submit(admin_of_portal, page)
    source = Translation.objects.get().source
    texts = set(source.stringsegment_set.values_list("string__data", flat=True))
    assert {
        "Šaltinių rūšys",
        "Rūšis",
        "Knyga",
        "320",
        "Kaip ieškoti",
        "Knyga ar straipsnis",
        "Paskaita",
    } <= texts
    assert not [text for text in texts if "http" in text or "youtube" in text]
    paths = {
        row.context.path.split(".", 1)[1] for row in source.overridablesegment_set.select_related("context")
    }
    assert {"id-embed.url", "id-recording.recording", "id-document.document"} <= paths


def test_table_is_translated_cell_by_cell(
    admin_of_portal, client, course, django_capture_on_commit_callbacks
):
    page = standard_page(course.home, body=[part for part in every_block() if part["type"] == "table"])
    submit(admin_of_portal, page)
    for lithuanian, english in (("Šaltinių rūšys", "Kinds of sources"), ("Rūšis", "Kind"), ("Knyga", "Book")):
        translate(page, lithuanian, english)
    with django_capture_on_commit_callbacks(execute=True):
        Translation.objects.get().save_target(publish=True)
    text = client.get(english_of(page).get_url()).text
    assert "<caption>Kinds of sources</caption>" in text
    assert '<th scope="col">Kind</th>' in text and '<th scope="row">Book</th>' in text
    assert '<td class="num">320</td>' in text and "Straipsnis" in text
    assert "Šaltinių rūšys" in client.get(page.get_url()).text


# Previews ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["lt", "en"])
def test_M09_every_kind_of_page_is_previewed_in_its_language_by_editors_only(
    admin_of_portal, client, course, language
):
    branch = course if language == "lt" else course.others["en"]
    standard = standard_page(branch.home, f"Apie {language}", body=every_block())
    pages = [branch.home, branch.catalogue, branch.page, *branch.lessons, branch.quiz, standard]
    shown = {type(page): admin_of_portal.get(f"/admin/pages/{page.pk}/view_draft/") for page in pages}
    for kind, answer in shown.items():
        assert answer.status_code == 200, kind
        assert f'<html lang="{language}"' in answer.text, kind
    assert "frame-src" in shown[StandardPage]["Content-Security-Policy"]
    assert "https://www.youtube-nocookie.com" in shown[StandardPage]["Content-Security-Policy"]
    client.force_login(somebody("Ona", "Rimkutė"), backend=BACKEND)
    for page in pages:
        assert client.get(f"/admin/pages/{page.pk}/view_draft/", follow=True).status_code == 403
