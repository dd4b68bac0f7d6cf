"""The rules of taking a quiz: what counts, when it is passed, what is shown when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from courses.flows import attempting, enrolment, grading, learning
from courses.models import ActivityCompletion, ActivityVersion, Attempt
from courses.reports import quiz_grade
from courses.versions import payload_of
from tests.factories.courses import MULTIPLE, NUMERIC, SHORT, SINGLE, make_course
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
RIGHT = {SINGLE: ["s-right"], MULTIPLE: ["m-a", "m-b"], NUMERIC: ["4711,5"], SHORT: ["ąžuolas"]}


def take(enrolled, course, *right):
    """Take the quiz with the named items right and finish it."""
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    drafts = [attempting.Draft(item, RIGHT[item], False, None) for item in right]
    attempting.save(user=enrolled.user, uuid=attempt.uuid, drafts=drafts)
    return grading.submit(attempt=attempt)


@pytest.mark.parametrize(("method", "grade"), [("best", 0.75), ("last", 0.25), ("mean", 0.5)])
def test_grade_follows_the_quizs_method(method, grade):
    course = make_course(method, grade_method=method, attempts_allowed=None)
    enrolled = enrolment.ensure(user=UserFactory(), course=course.activity, source="self")
    take(enrolled, course, SINGLE, NUMERIC)
    take(enrolled, course, SINGLE, NUMERIC, SHORT)
    take(enrolled, course, SINGLE)
    assert quiz_grade(enrolled, course.quiz_activity) == grade


@pytest.mark.parametrize(("bound", "passed"), [(50, True), (51, False), (0, True)])
def test_quiz_is_passed_from_its_bound_on(bound, passed):
    course = make_course(f"riba-{bound}", pass_percent=bound)
    enrolled = enrolment.ensure(user=UserFactory(), course=course.activity, source="self")
    take(enrolled, course, SINGLE, SHORT)
    quiz = ActivityCompletion.objects.filter(enrolment=enrolled, activity=course.quiz_activity)
    assert quiz.exists() == passed


def test_later_worse_attempt_does_not_take_the_pass_away(course, austeja):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    take(enrolled, course, *RIGHT)
    take(enrolled, course)
    assert ActivityCompletion.objects.filter(enrolment=enrolled, activity=course.quiz_activity).count() == 1


def result_of(client, attempt):
    """The page of the result, its numbers as plain text."""
    return client.get(reverse("courses:result", args=[attempt.uuid])).text.replace("\u00a0", "")


def shows_what_is_right(page):
    return [page.count("Nes taip yra.") == 4, "ąžuolas" in page, "4711,5" in page]


def test_failed_attempt_says_which_choices_were_wrong_and_not_what_is_right(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    draft = attempting.Draft(SINGLE, ["s-wrong"], False, None)
    attempting.save(user=austeja, uuid=attempt.uuid, drafts=[draft])
    page = result_of(as_austeja, grading.submit(attempt=attempt))
    assert shows_what_is_right(page) == [False, False, False]
    assert "opt wrong" in page
    assert "opt right" not in page
    assert "kai testą išlaikysite" in page


def test_several_choices_are_not_marked_one_by_one_before_that(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    every = [option["id"] for option in payload_of(attempt.version)["items"][1]["options"]]
    attempting.save(user=austeja, uuid=attempt.uuid, drafts=[attempting.Draft(MULTIPLE, every, False, None)])
    page = result_of(as_austeja, grading.submit(attempt=attempt))
    assert "opt right" not in page
    assert "opt wrong" not in page


def test_right_answers_come_to_who_has_passed_and_asks_and_end_the_trying(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    passed = take(enrolled, course, SINGLE, MULTIPLE, NUMERIC)
    assert "Rodyti teisingus atsakymus" in result_of(as_austeja, passed)
    assert shows_what_is_right(result_of(as_austeja, passed))[:2] == [False, False]
    page = as_austeja.post(reverse("courses:reveal", args=[passed.uuid]), follow=True).text
    assert all(shows_what_is_right(page.replace("\u00a0", "")))
    again = as_austeja.post(reverse("courses:start", args=[course.quiz_activity.uuid]), follow=True).text
    assert "todėl įvertinimas nebesikeis" in again
    assert Attempt.objects.count() == 1


def test_right_answers_are_not_to_be_had_before_passing_nor_while_trying(as_austeja, austeja):
    course = make_course("trys", attempts_allowed=3)
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    failed = take(enrolled, course, SINGLE)
    as_austeja.post(reverse("courses:reveal", args=[failed.uuid]))
    passed = take(enrolled, course, SINGLE, MULTIPLE, NUMERIC)
    attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    as_austeja.post(reverse("courses:reveal", args=[passed.uuid]))
    assert not Attempt.objects.filter(revealed_at__isnull=False).exists()
    assert "Nes taip yra." not in result_of(as_austeja, passed)


def test_full_grade_shows_everything_at_once(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    assert all(shows_what_is_right(result_of(as_austeja, take(enrolled, course, *RIGHT))))


def test_preview_left_running_does_not_catch_a_learner(austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    quiz = course.quiz_activity
    preview = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=True)
    real = attempting.start(enrolment=enrolled, quiz=quiz, language="lt", preview=False)
    preview.refresh_from_db()
    assert (preview.state, real.preview, real.number) == ("finished", False, 1)


def test_preview_of_who_is_a_learner_now_shows_nothing_right(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    preview = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=True)
    grading.submit(attempt=preview)
    assert not any(shows_what_is_right(result_of(as_austeja, preview)))


def test_one_attempt_that_cannot_be_graded_does_not_keep_others_open(austeja, benas, course, monkeypatch):
    for person in (austeja, benas):
        enrolled = enrolment.ensure(user=person, course=course.activity, source="self")
        attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    Attempt.objects.update(deadline=now() - timedelta(hours=1))
    broken = Attempt.objects.get(enrolment__user=austeja)
    submit = grading.submit

    def fail_for_austeja(*, attempt):
        if attempt.pk == broken.pk:
            raise ArithmeticError
        return submit(attempt=attempt)

    monkeypatch.setattr(grading, "submit", fail_for_austeja)
    assert attempting.close_overdue() == 1
    assert Attempt.objects.get(enrolment__user=benas).state == "finished"


def test_explanations_and_right_answers_come_when_no_attempt_is_left(as_austeja, austeja):
    course = make_course("vienas", attempts_allowed=1)
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    assert all(shows_what_is_right(result_of(as_austeja, take(enrolled, course))))


def test_course_does_not_lead_to_a_quiz_at_which_no_attempt_is_left(as_austeja, austeja):
    course = make_course("paskutinis", attempts_allowed=1)
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    for lesson in course.lessons:
        version = ActivityVersion.objects.get(activity__translation_key=lesson.translation_key, language="lt")
        for check in payload_of(version)["checks"]:
            right = [option["id"] for option in payload_of(version)["checks"][check]["options"]][:1]
            learning.answer_check(enrolment=enrolled, version=version, check_id=check, chosen=right)
        learning.finish_lesson(enrolment=enrolled, version=version)
    assert "Tęsti:" in as_austeja.get(course.page.get_url()).text
    take(enrolled, course)
    page = as_austeja.get(course.page.get_url()).text
    assert "Išnaudojote visus testo" in page
    assert "Tęsti:" not in page


def test_nothing_right_is_shown_while_another_attempt_is_running(as_austeja, austeja):
    course = make_course("du", attempts_allowed=2, solutions="always")
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    first = take(enrolled, course, *RIGHT)
    assert all(shows_what_is_right(result_of(as_austeja, first)))
    attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    page = result_of(as_austeja, first)
    assert "Nes taip yra." not in page
    assert "kai baigsite pradėtą bandymą" in page


@pytest.mark.parametrize(("answers", "again", "lead"), [(4, False, True), (3, True, True), (0, True, False)])
def test_quiz_page_leads_on_once_passed_and_offers_no_retry_at_the_full_grade(
    as_austeja, austeja, answers, again, lead
):
    course = make_course("vel", attempts_allowed=None)
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    take(enrolled, course, *list(RIGHT)[:answers])
    page = as_austeja.get(course.quiz.url).text
    assert ("Bandyti dar kartą" in page) is again
    assert (f'<a class="btn" href="{course.lessons[0].url}"' in page) is lead


def test_result_of_a_running_attempt_leads_back_to_it(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    answer = as_austeja.get(reverse("courses:result", args=[attempt.uuid]))
    assert answer.url == reverse("courses:attempt", args=[attempt.uuid])


def test_flag_and_answer_are_kept_by_the_form_and_shown_in_the_review(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    form = {"items": [SINGLE], f"r-{SINGLE}": "s-wrong", f"f-{SINGLE}": "1", "to": "review"}
    page = as_austeja.post(reverse("courses:attempt", args=[attempt.uuid]), form, follow=True).text
    assert "Dar neatsakyti klausimai: 2, 3, 4." in page and "grįžti: 1." in page
    assert page.count("pažymėta") == 1


def test_order_is_shuffled_by_the_seed_and_stays_through_the_attempt(austeja, client):
    course = make_course("maisytas", shuffle=True, layout="all")
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    url = reverse("courses:attempt", args=[attempt.uuid])

    def order():
        page = client.get(url).text
        return sorted(RIGHT, key=page.index)

    orders = {tuple(order())}
    for seed in "abcdefgh":
        Attempt.objects.filter(pk=attempt.pk).update(seed=seed)
        assert order() == order()
        orders.add(tuple(order()))
    assert len(orders) > 1


def test_everything_on_one_screen_is_saved_by_one_form(austeja, client):
    course = make_course("vienas", layout="all")
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    client.post(reverse("courses:start", args=[course.quiz_activity.uuid]))
    attempt = Attempt.objects.get()
    form = {"items": list(RIGHT), "to": "review"} | {f"r-{item}": value for item, value in RIGHT.items()}
    client.post(reverse("courses:attempt", args=[attempt.uuid]), form)
    result = client.post(reverse("courses:finish", args=[attempt.uuid]), follow=True)
    assert "4 iš 4" in result.text
