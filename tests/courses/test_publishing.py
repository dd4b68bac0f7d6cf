"""Publishing: what is frozen, when, and what learners keep whatever becomes of the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now
from freezegun import freeze_time
from wagtail.models import Page

from courses.flows import attempting, enrolment, grading
from courses.flows.learning import finish_lesson
from courses.models import (
    Activity,
    ActivityCompletion,
    ActivityVersion,
    Attempt,
    CataloguePage,
    CoursePage,
    LessonPage,
    ModulePage,
)
from courses.reports import course_state
from courses.versions import latest, payload_of
from portal.directory.flows.roles import grant
from portal.directory.models import Role
from tests.factories.courses import Course, add, lesson_body, make_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """Do what follows the end of a transaction, as a real one would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def enrolled(course, austeja):
    return enrolment.ensure(user=austeja, course=course.activity, source="self")


def versions(activity, language="lt"):
    return list(ActivityVersion.objects.filter(activity=activity, language=language).order_by("number"))


def outline(course: Course, language: str = "lt") -> list[tuple[str, str]]:
    """Return title and address of each part in the outline published last."""
    version = latest(activity_id=course.activity.pk, language=language)
    modules = payload_of(version)["outline"]
    return [(item["title"], item["url"]) for module in modules for item in module["items"]]


def titles(course: Course) -> list[str]:
    return [title for title, _url in outline(course)]


def republish(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_publishing_the_same_twice_makes_one_version(course):
    before = ActivityVersion.objects.count()
    for page in (course.lessons[0], course.quiz, course.page, course.lessons[0].get_parent().specific):
        republish(page)
        republish(page)
    assert ActivityVersion.objects.count() == before


def test_publishing_something_else_makes_the_next_version_and_keeps_the_first(course):
    activity = course.lesson_activity(0)
    republish(course.lessons[0], body=lesson_body("Kitaip", check=False))
    first, second = versions(activity)
    assert [first.number, second.number] == [1, 2]
    assert "Pamoka 1 tekstas" in str(first.rendered)
    assert "Kitaip" in str(second.rendered)
    assert first.sha256 != second.sha256


def test_going_back_to_an_earlier_text_makes_a_version_of_its_own(course):
    first = course.lessons[0].get_latest_revision()
    republish(course.lessons[0], title="Kitaip")
    first.publish()
    numbered = versions(course.lesson_activity(0))
    assert [version.number for version in numbered] == [1, 2, 3]
    assert numbered[0].sha256 == numbered[2].sha256


def test_draft_freezes_nothing(client, course):
    course.lessons[0].title = "Dar rašoma"
    course.lessons[0].save_revision()
    assert len(versions(course.lesson_activity(0))) == 1
    assert "Dar rašoma" not in client.get(course.page.url).text


def test_version_is_never_changed(course):
    version = versions(course.lesson_activity(0))[0]
    version.language = "en"
    with pytest.raises(TypeError):
        version.save()


def test_lesson_taken_down_leaves_the_outline_and_comes_back(client, course, after_commit):
    with after_commit():
        course.lessons[0].unpublish()
    assert titles(course) == ["Pamoka 2", "Testas"]
    assert client.get(course.lessons[0].url).status_code == 404
    assert "Pamoka 1" not in client.get(course.page.url).text
    republish(LessonPage.objects.get(pk=course.lessons[0].pk))
    assert titles(course) == ["Pamoka 1", "Pamoka 2", "Testas"]


def test_module_taken_down_leaves_the_outline(course, after_commit):
    module = course.lessons[0].get_parent().specific
    with after_commit():
        module.unpublish()
    assert titles(course) == []


def test_renamed_lesson_keeps_its_activity_and_the_outline_its_address(client, course, enrolled):
    finish_lesson(enrolment=enrolled, version=latest(activity_id=course.lesson_activity(0).pk, language="lt"))
    activity = course.lesson_activity(0)
    republish(course.lessons[0], slug="nauja-pamoka", title="Nauja pamoka")
    assert outline(course)[0] == ("Nauja pamoka", "/lt/kursai/kursas/modulis/nauja-pamoka/")
    assert client.get(outline(course)[0][1]).status_code == 200
    assert course.lesson_activity(0) == activity
    assert ActivityCompletion.objects.get().activity == activity


@pytest.mark.parametrize("what", ["module", "course", "catalogue"])
def test_renaming_what_is_above_keeps_every_address_of_the_outline_right(client, course, what, after_commit):
    module = course.lessons[0].get_parent().specific
    with after_commit():
        republish(
            {"module": module, "course": course.page, "catalogue": course.catalogue}[what], slug="kitur"
        )
    for _title, url in outline(course):
        assert "/kitur/" in url
        assert client.get(url).status_code == 200
    state_url = payload_of(latest(activity_id=course.activity.pk, language="lt"))["url"]
    assert client.get(state_url).status_code == 200


def test_lesson_moved_to_another_module_is_found_there_with_its_records(client, course, enrolled):
    finish_lesson(enrolment=enrolled, version=latest(activity_id=course.lesson_activity(0).pk, language="lt"))
    module = add(course.page, ModulePage(title="Antras", slug="antras", locale=course.page.locale))
    LessonPage.objects.get(pk=course.lessons[0].pk).move(module, pos="last-child")
    assert ("Pamoka 1", "/lt/kursai/kursas/antras/pamoka-1/") in outline(course)
    assert client.get("/lt/kursai/kursas/antras/pamoka-1/").status_code == 200
    state = course_state(course_id=course.activity.pk, language="lt", user=enrolled.user)
    assert [item.done for item in state.items if item.title == "Pamoka 1"] == [True]


@pytest.mark.parametrize("what", ["lesson", "module"])
def test_what_is_moved_to_another_course_belongs_there(course, what):
    other = make_course("kitas")
    lesson = LessonPage.objects.get(pk=course.lessons[0].pk)
    republish(lesson, slug="atkelta")
    if what == "lesson":
        LessonPage.objects.get(pk=lesson.pk).move(other.lessons[0].get_parent(), pos="last-child")
    else:
        module = course.lessons[0].get_parent().specific
        republish(module, slug="atkeltas")
        ModulePage.objects.get(pk=module.pk).move(other.page, pos="last-child")
    assert course.lesson_activity(0).course == other.activity
    assert "/atkelta/" in str(outline(other))
    assert titles(course) == (["Pamoka 2", "Testas"] if what == "lesson" else [])


def test_draft_that_is_moved_is_not_frozen(course):
    module = add(course.page, ModulePage(title="Antras", slug="antras", locale=course.page.locale))
    draft = LessonPage(title="Juodraštis", slug="juodrastis", locale=course.page.locale, live=False)
    course.lessons[0].get_parent().add_child(instance=draft)
    draft.move(module, pos="last-child")
    assert not Activity.objects.of_page(draft).exists()


def test_course_moved_to_another_catalogue_has_its_new_addresses(client, course):
    catalogue = add(course.home, CataloguePage(title="Kiti", slug="kiti", locale=course.page.locale))
    CoursePage.objects.get(pk=course.page.pk).move(catalogue, pos="last-child")
    for _title, url in outline(course):
        assert url.startswith("/lt/kiti/kursas/")
        assert client.get(url).status_code == 200


def test_order_of_lessons_changes_in_the_outline(course):
    second = LessonPage.objects.get(pk=course.lessons[1].pk)
    second.move(Page.objects.get(pk=course.lessons[0].pk), pos="left")
    assert titles(course) == ["Pamoka 2", "Pamoka 1", "Testas"]


def delete_in_the_admin(client, page, austeja):
    grant(user=austeja, role=Role.ADMINISTRATOR, by=None)
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    assert client.post(f"/admin/pages/{page.pk}/delete/").status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()


def test_deleting_a_lesson_keeps_its_activity_versions_and_completions(
    client, course, enrolled, benas, after_commit
):
    activity = course.lesson_activity(0)
    finish_lesson(enrolment=enrolled, version=latest(activity_id=activity.pk, language="lt"))
    with after_commit():
        delete_in_the_admin(client, course.lessons[0], benas)
    activity.refresh_from_db()
    assert activity.page is None
    assert len(versions(activity)) == 1
    assert ActivityCompletion.objects.get().activity == activity
    assert titles(course) == ["Pamoka 2", "Testas"]


def test_deleting_a_quiz_keeps_its_attempts_and_their_results(client, course, enrolled, benas, after_commit):
    quiz = course.quiz_activity
    attempt = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
    grading.submit(attempt=attempt)
    with after_commit():
        delete_in_the_admin(client, course.quiz, benas)
    assert Attempt.objects.get().quiz == quiz
    client.force_login(enrolled.user, backend="portal.directory.backends.EmailBackend")
    result = client.get(reverse("courses:result", args=[attempt.uuid]))
    assert result.status_code == 200
    assert result.text.count('<li class="item-result"') == 4


def test_deleting_a_whole_course_keeps_who_took_it(client, course, enrolled, benas, after_commit):
    with after_commit():
        delete_in_the_admin(client, course.page, benas)
    enrolled.refresh_from_db()
    assert enrolled.course.page is None
    assert Activity.objects.count() == 4


def test_attempt_running_while_its_quiz_is_deleted_is_still_graded(client, course, enrolled, benas):
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    delete_in_the_admin(client, course.quiz, benas)
    client.force_login(enrolled.user, backend="portal.directory.backends.EmailBackend")
    assert client.get(reverse("courses:attempt", args=[attempt.uuid])).status_code == 200
    finished = client.post(reverse("courses:finish", args=[attempt.uuid]), follow=True)
    assert finished.status_code == 200
    assert Attempt.objects.get().state == Attempt.State.FINISHED


def test_publication_by_the_clock_freezes(course):
    lesson = LessonPage.objects.get(pk=course.lessons[0].pk)
    republish(lesson, title="Rytojaus pamoka", go_live_at=now() + timedelta(hours=1))
    assert len(versions(course.lesson_activity(0))) == 1
    with freeze_time(now() + timedelta(hours=2)):
        call_command("publish_scheduled")
    assert [version.payload["title"] for version in versions(course.lesson_activity(0))] == [
        "Pamoka 1",
        "Rytojaus pamoka",
    ]
    assert titles(course)[0] == "Rytojaus pamoka"


def test_lesson_expired_by_the_clock_leaves_the_outline(course, after_commit):
    republish(course.lessons[0], expire_at=now() + timedelta(hours=1))
    with freeze_time(now() + timedelta(hours=2)), after_commit():
        call_command("publish_scheduled")
    assert titles(course) == ["Pamoka 2", "Testas"]


def test_translation_is_the_same_activity_with_versions_of_its_own(course):
    english = course.others["en"]
    activity = course.lesson_activity(0)
    assert english.lesson_activity(0) == activity
    assert activity.page_id == course.lessons[0].pk
    assert {version.language for version in activity.versions.all()} == {"lt", "en"}
    republish(english.lessons[0], title="Another")
    assert len(versions(activity, "en")) == 2
    assert len(versions(activity, "lt")) == 1


def test_what_was_done_in_one_language_is_done_in_the_other(client, course, enrolled):
    finish_lesson(enrolment=enrolled, version=latest(activity_id=course.lesson_activity(0).pk, language="en"))
    for language in ("lt", "en"):
        state = course_state(course_id=course.activity.pk, language=language, user=enrolled.user)
        assert [item.done for item in state.items] == [True, False, False]


def test_course_published_in_one_language_only_has_no_outline_in_the_other(client, course):
    english = course.others["en"]
    english.page.unpublish()
    assert client.get(english.page.url).status_code == 404
    assert client.get(course.page.url).status_code == 200
