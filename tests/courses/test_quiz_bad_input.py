"""Bad input at a quiz: it is refused or ignored, and nothing is lost or given away."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from courses.flows import attempting, enrolment, grading
from courses.models import ActivityCompletion, Answer, Attempt
from courses.reports import quiz_grade
from portal.outbox.models import Delivery
from tests.factories.courses import MULTIPLE, NUMERIC, SHORT, SINGLE, make_course, quiz_items
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def begin(user, course, **kwargs) -> Attempt:
    enrolled = enrolment.ensure(user=user, course=course.activity, source="self")
    return attempting.start(
        enrolment=enrolled, quiz=course.quiz_activity, language="lt", **{"preview": False} | kwargs
    )


def autosave(client, attempt, *rows, **extra):
    drafts = [{"item": item, "response": response, "seq": seq} for item, response, seq in rows]
    return client.post(
        reverse("courses:autosave", args=[attempt.uuid]),
        json.dumps({"drafts": drafts} | extra),
        content_type="application/json",
    )


@pytest.fixture
def attempt(course, austeja):
    return begin(austeja, course)


@pytest.mark.parametrize("name", ["attempt", "review", "result"])
def test_Q01_attempt_of_another_person_is_not_found(as_austeja, course, benas, name):
    others = begin(benas, course)
    assert as_austeja.get(reverse(f"courses:{name}", args=[others.uuid])).status_code == 404


def test_Q01_answers_to_an_attempt_of_another_person_are_not_kept(as_austeja, course, benas):
    others = begin(benas, course)
    assert autosave(as_austeja, others, (SINGLE, ["s-right"], 1)).status_code == 404
    assert as_austeja.post(reverse("courses:finish", args=[others.uuid])).status_code == 404
    others.refresh_from_db()
    assert others.state == Attempt.State.RUNNING
    assert not Answer.objects.exists()


def test_Q02_item_of_another_quiz_is_refused_and_changes_nothing(as_austeja, attempt):
    answer = autosave(as_austeja, attempt, ("99999999-9999-4999-8999-999999999999", ["x"], 1))
    assert answer.status_code == 400
    assert answer.json()["problem"]
    assert not Answer.objects.exists()


def test_Q03_option_of_another_item_is_refused_and_changes_nothing(as_austeja, attempt):
    assert autosave(as_austeja, attempt, (SINGLE, ["m-a"], 1)).status_code == 400
    assert autosave(as_austeja, attempt, (SINGLE, ["s-right", "s-wrong"], 1)).status_code == 400
    assert not Answer.objects.exists()


def test_Q04_answer_after_the_deadline_is_refused_by_the_servers_clock(as_austeja, attempt):
    autosave(as_austeja, attempt, (SINGLE, ["s-right"], 1))
    Attempt.objects.update(deadline=now() - timedelta(seconds=6))
    assert autosave(as_austeja, attempt, (NUMERIC, ["4711.5"], 2)).status_code == 409
    page = as_austeja.get(reverse("courses:attempt", args=[attempt.uuid]), follow=True)
    assert "1 iš 4" in page.text
    attempt.refresh_from_db()
    assert attempt.finished_at == attempt.deadline


def test_Q04_overdue_attempt_nobody_came_back_to_is_graded_by_the_clock(attempt):
    attempting.save(
        user=attempt.enrolment.user,
        uuid=attempt.uuid,
        drafts=[attempting.Draft(SINGLE, ["s-right"], False, 1)],
    )
    Attempt.objects.update(deadline=now() - timedelta(minutes=1))
    assert attempting.close_overdue() == 1
    attempt.refresh_from_db()
    assert attempt.points == 1


def test_Q05_answer_after_finishing_is_refused(as_austeja, attempt):
    as_austeja.post(reverse("courses:finish", args=[attempt.uuid]))
    assert autosave(as_austeja, attempt, (SINGLE, ["s-right"], 1)).status_code == 409
    form = {"items": [SINGLE], f"r-{SINGLE}": "s-right"}
    page = as_austeja.post(reverse("courses:attempt", args=[attempt.uuid]), form, follow=True)
    assert "0 iš 4" in page.text
    assert not Answer.objects.exists()


def test_Q06_no_attempt_beyond_those_allowed(as_austeja, course, austeja):
    for _number in (1, 2):
        grading.submit(attempt=begin(austeja, course))
    page = as_austeja.post(reverse("courses:start", args=[course.quiz_activity.uuid]), follow=True)
    assert Attempt.objects.count() == 2
    assert "notice-warning" in page.text


@pytest.mark.django_db(transaction=True)
def test_Q06_of_twenty_parallel_starts_one_attempt_begins():
    course, student = make_course(), UserFactory()
    enrolment.ensure(user=student, course=course.activity, source="self")
    url = reverse("courses:start", args=[course.quiz_activity.uuid])
    statuses = []

    def start():
        browser = Client()
        browser.force_login(student, backend="portal.directory.backends.EmailBackend")
        statuses.append(browser.post(url).status_code)
        connection.close()

    threads = [threading.Thread(target=start) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 20
    assert Attempt.objects.count() == 1


def test_Q07_finishing_twice_makes_one_grade(as_austeja, attempt, monkeypatch):
    recorded = []
    monkeypatch.setattr(grading, "record", lambda fact, **payload: recorded.append(fact))
    for _time in (1, 2):
        as_austeja.post(reverse("courses:finish", args=[attempt.uuid]))
    assert recorded == ["courses.attempt_graded"]


def test_Q08_older_save_that_arrives_last_is_ignored(as_austeja, attempt):
    autosave(as_austeja, attempt, (SINGLE, ["s-right"], 7))
    late = autosave(as_austeja, attempt, (SINGLE, ["s-wrong"], 6))
    assert late.json()["items"] == [{"item": SINGLE, "seq": 7, "stale": True}]
    assert Answer.objects.get().response == ["s-right"]


def test_Q08_same_save_twice_is_kept_once(as_austeja, attempt):
    for _time in (1, 2):
        assert autosave(as_austeja, attempt, (SINGLE, ["s-right"], 3)).status_code == 200
    assert Answer.objects.get().seq == 3


def test_Q09_injected_score_is_ignored(as_austeja, attempt):
    autosave(as_austeja, attempt, (SINGLE, ["s-wrong"], 1), points=4, fraction=1, score=100)
    form = {"items": [SINGLE], f"r-{SINGLE}": "s-wrong", "points": "4", "fraction": "1", "to": "review"}
    as_austeja.post(reverse("courses:attempt", args=[attempt.uuid]), form)
    as_austeja.post(reverse("courses:finish", args=[attempt.uuid]), {"points": "4"})
    attempt.refresh_from_db()
    assert attempt.points == 0


@pytest.mark.parametrize("layout", ["one", "all"])
def test_Q10_solutions_are_nowhere_before_the_end(client, austeja, layout):
    course = make_course("slaptas", layout=layout)
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    attempt = begin(austeja, course)
    address = reverse("courses:attempt", args=[attempt.uuid])
    pages = [client.get(f"{address}?item={number}").text for number in (1, 2, 3, 4)]
    pages += [
        client.get(course.quiz.url).text,
        client.get(reverse("courses:review", args=[attempt.uuid])).text,
    ]
    pages.append(autosave(client, attempt, (SINGLE, ["s-right"], 1)).text)
    for page in pages:
        for secret in ("Puiku", "Nes taip yra", "ąžuolas", "4711", "fraction", '"correct"'):
            assert secret not in page


@pytest.mark.parametrize("text", ["x" * 501, "nulis\x00baitas"])
def test_Q11_oversized_or_nul_answer_is_refused(as_austeja, attempt, text):
    assert autosave(as_austeja, attempt, (SHORT, [text], 1)).status_code == 400
    form = {"items": [SHORT], f"r-{SHORT}": text}
    page = as_austeja.post(reverse("courses:attempt", args=[attempt.uuid]), form, follow=True)
    assert "notice-error" in page.text
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '{"drafts": 1}',
        '{"drafts": [1]}',
        '{"drafts": [{"item": 5, "response": [], "seq": 1}]}',
        '{"drafts": [{"item": "a", "response": "b", "seq": 1}]}',
        "[" * 5000,
        '{"drafts": [{"item": "a", "response": [], "seq": 1e400}]}',
        '{"drafts": [{"item": "a", "response": []}]}',
    ],
)
def test_Q11_unreadable_autosave_is_a_clear_400(as_austeja, attempt, body):
    url = reverse("courses:autosave", args=[attempt.uuid])
    answer = as_austeja.post(url, body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["problem"]


def test_Q13_saved_answers_survive_an_expired_session(client, attempt, austeja, course):
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    autosave(client, attempt, (SHORT, ["ąžuolas"], 1))
    client.logout()
    refused = autosave(client, attempt, (SHORT, ["beržas"], 2))
    assert refused.status_code == 401
    assert refused.json()["problem"]
    client.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    again = client.post(reverse("courses:start", args=[course.quiz_activity.uuid]), follow=True)
    assert Attempt.objects.count() == 1
    assert 'value="ąžuolas"' in client.get(f"{again.redirect_chain[-1][0]}?item=4").text


def test_Q15_editing_a_quiz_leaves_the_running_attempt_as_it_began(as_austeja, attempt, course):
    course.quiz.items = [quiz_items()[0]]
    course.quiz.pass_percent = 100
    course.quiz.save_revision().publish()
    page = as_austeja.get(reverse("courses:review", args=[attempt.uuid]))
    assert page.text.count("?item=") == 4
    as_austeja.post(reverse("courses:finish", args=[attempt.uuid]))
    attempt.refresh_from_db()
    assert attempt.points_max == 4


def test_Q15_finished_attempt_keeps_its_questions_and_points(as_austeja, attempt, course):
    autosave(as_austeja, attempt, (MULTIPLE, ["m-a", "m-c"], 1), (NUMERIC, ["4711"], 1))
    as_austeja.post(reverse("courses:finish", args=[attempt.uuid]))
    before = as_austeja.get(reverse("courses:result", args=[attempt.uuid])).text
    course.quiz.items = [quiz_items()[3]]
    course.quiz.save_revision().publish()
    after = as_austeja.get(reverse("courses:result", args=[attempt.uuid])).text
    assert "1 iš 4" in before
    assert before.count("item-result") == after.count("item-result") == 4


def test_Q16_form_without_its_token_is_refused_with_a_clear_page(austeja, course, attempt):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(austeja, backend="portal.directory.backends.EmailBackend")
    answer = browser.post(reverse("courses:finish", args=[attempt.uuid]))
    assert answer.status_code == 403
    assert "Pagalbos kodas" in answer.text or "Support code" in answer.text
    attempt.refresh_from_db()
    assert attempt.state == Attempt.State.RUNNING
    assert autosave(browser, attempt, (SINGLE, ["s-right"], 1)).status_code == 403


def test_Q14_teachers_preview_sends_no_grade_and_passes_nothing(course, austeja):
    preview = begin(austeja, course, preview=True)
    attempting.save(
        user=austeja, uuid=preview.uuid, drafts=[attempting.Draft(SINGLE, ["s-right"], False, None)]
    )
    grading.submit(attempt=preview)
    assert not Delivery.objects.exists()
    assert not ActivityCompletion.objects.exists()
    assert quiz_grade(preview.enrolment, course.quiz_activity) is None


@pytest.mark.parametrize(
    "number", ["1e1000000", "-1E+999999", "9" * 39, "1e-1000000", "NaN", "Infinity", "0x10", "١٢"]
)
def test_Q02_number_beyond_all_measure_is_wrong_and_harms_nothing(austeja, course, number):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    attempting.save(
        user=austeja, uuid=attempt.uuid, drafts=[attempting.Draft(NUMERIC, [number], False, None)]
    )
    assert grading.submit(attempt=attempt).points == 0


def test_Q11_half_a_character_is_refused_and_the_page_stays_readable(as_austeja, austeja, course):
    enrolled = enrolment.ensure(user=austeja, course=course.activity, source="self")
    attempt = attempting.start(enrolment=enrolled, quiz=course.quiz_activity, language="lt", preview=False)
    body = json.dumps({"drafts": [{"item": SHORT, "response": ["\ud800x"], "flagged": False, "seq": 1}]})
    url = reverse("courses:autosave", args=[attempt.uuid])
    assert as_austeja.post(url, body, content_type="application/json").status_code == 400
    assert as_austeja.get(reverse("courses:attempt", args=[attempt.uuid])).status_code == 200
