"""Completing a course: when, on what evidence, and that it stays so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from courses.flows import attempting, completion, enrolment, grading
from courses.flows.learning import answer_check, finish_lesson
from courses.models import ActivityCompletion, Completion, Enrolment, LessonPage
from courses.reports import course_state
from courses.versions import latest
from portal.directory.models import Affiliation, Library
from portal.outbox.models import Delivery
from tests.factories.courses import CHECK, MULTIPLE, NUMERIC, SHORT, SINGLE, add, lesson_body
from tests.factories.people import LibraryFactory

pytestmark = pytest.mark.django_db
RIGHT = {SINGLE: ["s-right"], MULTIPLE: ["m-a", "m-b"], NUMERIC: ["4711,5"], SHORT: ["Ąžuolas"]}


@pytest.fixture
def enrolled(course, austeja):
    return enrolment.ensure(user=austeja, course=course.activity, source="self")


def read(enrolled, course, number, language="lt"):
    version = latest(activity_id=course.lesson_activity(number).pk, language=language)
    return finish_lesson(enrolment=enrolled, version=version)


def take_quiz(enrolled, course, answers=RIGHT, *, preview=False, language="lt"):
    attempt = attempting.start(
        enrolment=enrolled, quiz=course.quiz_activity, language=language, preview=preview
    )
    drafts = [attempting.Draft(item, response, False, None) for item, response in answers.items()]
    attempting.save(user=enrolled.user, uuid=attempt.uuid, drafts=drafts)
    return grading.submit(attempt=attempt)


def complete(enrolled, course):
    read(enrolled, course, 0)
    read(enrolled, course, 1)
    take_quiz(enrolled, course)
    return Completion.objects.get(enrolment=enrolled)


def told():
    return Delivery.objects.filter(handler__startswith="certificates").count()


def test_course_is_complete_with_its_last_part_and_not_before(course, enrolled):
    read(enrolled, course, 0)
    take_quiz(enrolled, course)
    assert not Completion.objects.exists()
    read(enrolled, course, 1)
    assert Completion.objects.get().enrolment == enrolled


def test_failed_quiz_completes_nothing_until_it_is_passed(course, enrolled):
    read(enrolled, course, 0)
    read(enrolled, course, 1)
    take_quiz(enrolled, course, {SINGLE: ["s-right"]})
    assert not Completion.objects.exists()
    take_quiz(enrolled, course)
    assert Completion.objects.count() == 1


def test_evidence_names_every_part_as_it_was_and_the_best_result(course, enrolled):
    take_quiz(enrolled, course, {SINGLE: ["s-right"], MULTIPLE: ["m-a"]})
    done = complete(enrolled, course)
    assert [row["kind"] for row in done.evidence] == ["lesson", "lesson", "quiz"]
    assert [row["title"] for row in done.evidence] == ["Pamoka 1", "Pamoka 2", "Testas"]
    versions = [latest(activity_id=course.lesson_activity(0).pk, language="lt").sha256]
    assert done.evidence[0]["version"] == versions[0]
    assert done.evidence[2]["percent"] == 100.0
    assert done.evidence[2]["activity"] == str(course.quiz_activity.uuid)
    assert all(row["completed_at"].endswith("+00:00") for row in done.evidence)
    assert done.course_version == latest(activity_id=course.activity.pk, language="lt")


def test_evidence_keeps_the_version_that_was_read_when_the_lesson_changes(course, enrolled):
    seen = read(enrolled, course, 0).version.sha256
    course.lessons[0].body = lesson_body("Kitaip", check=False)
    course.lessons[0].save_revision().publish()
    read(enrolled, course, 0)
    read(enrolled, course, 1)
    take_quiz(enrolled, course)
    assert Completion.objects.get().evidence[0]["version"] == seen


def test_completing_twice_makes_one_completion_and_tells_it_once(course, enrolled):
    done = complete(enrolled, course)
    first = told()
    assert first > 0
    read(enrolled, course, 1)
    take_quiz(enrolled, course, {})
    assert completion.evaluate(enrolment=enrolled, language="lt") == done
    assert Completion.objects.count() == 1
    assert told() == first


def test_lesson_added_later_undoes_no_completion_but_is_there_for_others(course, enrolled, benas):
    done = complete(enrolled, course)
    module = course.lessons[0].get_parent()
    add(module, LessonPage(title="Nauja", slug="nauja", locale=course.page.locale, body=[]))
    assert completion.evaluate(enrolment=enrolled, language="lt") is None
    assert Completion.objects.get() == done
    mine = course_state(course_id=course.activity.pk, language="lt", user=enrolled.user)
    assert mine.completion == done
    other = enrolment.ensure(user=benas, course=course.activity, source="self")
    read(other, course, 0)
    read(other, course, 1)
    take_quiz(other, course)
    assert not Completion.objects.filter(enrolment=other).exists()


def test_lesson_taken_away_completes_the_course_with_the_next_step_done(
    course, enrolled, django_capture_on_commit_callbacks
):
    read(enrolled, course, 0)
    with django_capture_on_commit_callbacks(execute=True):
        course.lessons[1].unpublish()
    take_quiz(enrolled, course)
    assert [row["title"] for row in Completion.objects.get().evidence] == ["Pamoka 1", "Testas"]


def test_worse_attempt_afterwards_takes_nothing_back(course, enrolled):
    take_quiz(enrolled, course)
    take_quiz(enrolled, course, {})
    assert ActivityCompletion.objects.filter(activity=course.quiz_activity).count() == 1


def test_parts_done_in_two_languages_complete_the_course_in_the_last_ones(course, enrolled):
    read(enrolled, course, 0, "lt")
    read(enrolled, course, 1, "en")
    take_quiz(enrolled, course, language="en")
    assert Completion.objects.get().course_version.language == "en"


def test_teachers_preview_completes_nothing(course, enrolled):
    read(enrolled, course, 0)
    read(enrolled, course, 1)
    take_quiz(enrolled, course, preview=True)
    assert not Completion.objects.exists()


def test_lesson_whose_checks_must_be_answered_is_not_finished_before(course, enrolled, as_austeja):
    course.lessons[1].rule = LessonPage.Rule.CHECKS
    course.lessons[1].save_revision().publish()
    url = f"/lt/learn/{course.lesson_activity(1).uuid}/finish/"
    refused = as_austeja.post(url, follow=True)
    assert refused.redirect_chain[0][0] == course.lessons[1].url
    assert not ActivityCompletion.objects.exists()
    version = latest(activity_id=course.lesson_activity(1).pk, language="lt")
    answer_check(enrolment=enrolled, version=version, check_id=CHECK, chosen=["c-no"])
    as_austeja.post(url)
    assert ActivityCompletion.objects.count() == 1


def test_course_without_parts_is_completed_by_nobody(course, enrolled, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        course.lessons[0].get_parent().specific.unpublish()
    assert completion.evaluate(enrolment=enrolled, language="lt") is None


def works(person, library, **more):
    return Affiliation.objects.create(user=person, library=library, date_from=date(2024, 1, 1), **more)


def test_enrolment_keeps_the_library_when_the_person_moves(course, austeja):
    old, new = LibraryFactory(), LibraryFactory()
    job = works(austeja, old, confirmed=True)
    enrolment.ensure(user=austeja, course=course.activity, source="self")
    job.date_to = localdate() - timedelta(days=1)
    job.save()
    Affiliation.objects.create(user=austeja, library=new, confirmed=True, date_from=localdate())
    again = enrolment.ensure(user=austeja, course=course.activity, source="launch")
    assert again.library == old
    assert again.source == Enrolment.Source.SELF
    assert Library.objects.filter(enrolment=again).get() == old


@pytest.mark.parametrize("reason", ["unconfirmed", "over", "not begun"])
def test_enrolment_takes_no_library_from_an_affiliation_that_does_not_hold(course, austeja, reason):
    today = localdate()
    changes = {
        "unconfirmed": {"confirmed": False},
        "over": {"confirmed": True, "date_to": today - timedelta(days=1)},
        "not begun": {"confirmed": True, "date_from": today + timedelta(days=1)},
    }[reason]
    fields = {"date_from": date(2024, 1, 1)} | changes
    Affiliation.objects.create(user=austeja, library=LibraryFactory(), **fields)
    assert enrolment.ensure(user=austeja, course=course.activity, source="self").library is None


def test_of_two_workplaces_the_later_one_counts(course, austeja):
    works(austeja, LibraryFactory(), confirmed=True)
    later = LibraryFactory()
    Affiliation.objects.create(user=austeja, library=later, confirmed=True, date_from=date(2025, 1, 1))
    assert enrolment.ensure(user=austeja, course=course.activity, source="self").library == later


def test_people_enrol_in_courses_only(course, austeja):
    with pytest.raises(ValueError, match="not in their parts"):
        enrolment.ensure(user=austeja, course=course.quiz_activity, source="self")
