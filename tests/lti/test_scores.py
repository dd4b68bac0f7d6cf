"""Results on their way to the platform: what is planned, what is sent, what its answers mean."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from django.utils.timezone import now
from freezegun import freeze_time

from courses.models import ActivityVersion, Attempt, Completion, Enrolment
from lti.flows import http, scores
from lti.models import GradeLine
from portal.directory.models import User
from portal.outbox import delivering
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.lti import AGS_SCOPE, MEMBERSHIP, Launcher, answer

SCORES = "https://moodle.example/lineitem/5/scores"
RESULTS = "https://moodle.example/lineitem/5/results"
TOKEN = "https://moodle.example/token"
OK = answer(200)
CONFLICT = answer(409)


@pytest.fixture
def launched(ona, network):
    """Ona has come to the quiz; the platform takes scores."""
    ona.launch()
    network.answers[SCORES] = OK
    return ona


def graded(points="3", *, quiz=None, preview=False, at=None, user=None):
    """Finish an attempt of Ona's and tell the outbox."""
    enrolment = Enrolment.objects.filter(user=user).get() if user else Enrolment.objects.get()
    quiz = quiz or enrolment.course.parts.get()
    version = ActivityVersion.objects.filter(activity=quiz).first() or ActivityVersion.objects.create(
        activity=quiz, language="lt", number=1, sha256=f"{quiz.pk}", payload={"grade_method": "best"}
    )
    with transaction.atomic():
        attempt = Attempt.objects.create(
            enrolment=enrolment, quiz=quiz, version=version, preview=preview, state="finished",
            number=Attempt.objects.filter(quiz=quiz).count() + 1, points=points, points_max="4",
            finished_at=at or now(),
        )
        record("courses.attempt_graded", attempt_id=attempt.pk)
    return attempt


def deliver():
    """Let the workers do what is due; return the latest delivery."""
    delivering.run_due()
    return Delivery.objects.order_by("-pk").first()


def sent(network, number=-1):
    call = network.to(SCORES)[number]
    return call, json.loads(call["body"])


def in_lithuanian(number):
    with translation.override("lt"):
        return translation.gettext("Attempt %(number)s of %(allowed)s") % {"number": number, "allowed": 3}


def held(score, maximum=10, **more):
    return answer(body=[{"userId": "2001", "resultScore": score, "resultMaximum": maximum} | more])


def test_a_graded_quiz_reaches_the_platform(launched, network):
    attempt = graded()

    delivery = deliver()

    assert (delivery.state, delivery.last_status) == ("sent", "delivered")
    call, message = sent(network)
    assert call["method"] == "POST" and call["url"] == SCORES + "?type_id=1"
    assert call["headers"]["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert call["headers"]["Authorization"] == "Bearer bearer-1"
    assert message.pop("timestamp") == attempt.finished_at.strftime("%Y-%m-%dT%H:%M:%S.000+00:00")
    assert message == {
        "userId": "2001", "scoreGiven": 75.0, "scoreMaximum": 100.0, "comment": in_lithuanian(1),
        "activityProgress": "Completed", "gradingProgress": "FullyGraded",
    }


def test_the_comment_is_in_the_persons_language(launched, network):
    User.objects.update(preferred_language="en")
    graded()
    deliver()
    assert sent(network)[1]["comment"] == "Attempt 1 of 3"


def test_zero_is_a_result_too(launched, network):
    graded("0")
    deliver()
    assert sent(network)[1]["scoreGiven"] == 0


def test_what_is_sent_is_the_grade_not_the_last_attempt(launched, network):
    graded("4")
    deliver()
    graded("1")
    deliver()
    assert [sent(network, n)[1]["scoreGiven"] for n in (0, 1)] == [100.0, 100.0]
    assert sent(network)[1]["comment"] == in_lithuanian(2)


def test_a_teachers_preview_is_never_sent(launched, network):
    graded(preview=True)
    assert deliver() is None


def test_somebody_who_did_not_come_by_a_launch_has_nothing_sent(launched, network, benas, quiz):
    Enrolment.objects.create(user=benas, course=quiz.course, source="self")
    graded(user=benas, quiz=quiz)
    assert deliver() is None


def test_recording_a_fact_twice_sends_once(launched, network):
    attempt = graded()
    with transaction.atomic():
        record("courses.attempt_graded", attempt_id=attempt.pk)
    assert Delivery.objects.count() == 1
    with transaction.atomic():
        record("courses.attempt_graded", attempt_id=attempt.pk, rev=1)
    assert Delivery.objects.count() == 2


def test_planning_takes_few_queries(launched, django_assert_max_num_queries):
    from lti.handlers import plan_quiz

    attempt = graded()
    with django_assert_max_num_queries(6):
        assert len(plan_quiz({"attempt_id": attempt.pk})) == 1


def test_a_quizs_score_does_not_go_to_the_line_of_its_course(moodle, network, quiz):
    browser = Launcher(moodle, Client(), quiz.course)
    browser.launch()
    network.answers[SCORES] = OK
    graded(quiz=quiz)
    assert deliver() is None

    version = ActivityVersion.objects.create(
        activity=quiz.course, language="lt", number=1, sha256="c", payload={}
    )
    with transaction.atomic():
        completion = Completion.objects.create(
            enrolment=Enrolment.objects.get(), course_version=version, evidence=[]
        )
        record("courses.enrolment_completed", completion_id=completion.pk)
    assert deliver().state == "sent"
    message = sent(network)[1]
    assert (message["scoreGiven"], message["scoreMaximum"]) == (100, 100)
    with translation.override("lt"):
        assert message["comment"] == translation.gettext("Course completed")


def test_every_link_the_person_came_by_gets_the_result(launched, network):
    scopes = [AGS_SCOPE + "score"]
    launched.launch(resource_link={"id": "35"}, ags={"scope": scopes, "lineitem": "https://moodle.example/lineitem/6"})
    network.answers["https://moodle.example/lineitem/6/scores"] = OK
    graded()
    deliver()
    assert len(network.to(SCORES)) == len(network.to("https://moodle.example/lineitem/6/scores")) == 1


def test_A26_two_scores_in_one_second_carry_two_seconds(launched, network):
    moment = now()
    graded("1", at=moment)
    graded("4", at=moment)
    deliver()
    stamps = [sent(network, n)[1]["timestamp"] for n in (0, 1)]
    assert stamps[0] < stamps[1] and stamps[1].endswith(".000+00:00")
    assert [sent(network, n)[1]["scoreGiven"] for n in (0, 1)] == [25.0, 100.0]


def test_A14_a_retry_repeats_the_very_same_message(launched, network):
    network.answers[SCORES] = [answer(500), http.CallFailed("answer cut short"), OK]
    graded()
    for _time in range(3):
        Delivery.objects.update(next_at=now())
        delivery = deliver()
    assert delivery.state == "sent"
    assert len({call["body"] for call in network.to(SCORES)}) == 1


def test_A08_an_applied_score_whose_answer_was_lost_is_found_there(launched, network):
    network.answers[SCORES] = [http.CallFailed("answer cut short"), CONFLICT]
    network.answers[RESULTS] = held(7.5)
    graded()
    deliver()
    Delivery.objects.update(next_at=now())

    delivery = deliver()

    assert (delivery.state, delivery.last_status) == ("sent", "already there")
    call = network.to(RESULTS)[0]
    assert call["url"] == RESULTS + "?type_id=1&user_id=2001"
    assert call["headers"]["Accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"


def test_A09_a_teachers_own_grade_is_not_fought(launched, network):
    network.answers[SCORES] = CONFLICT
    network.answers[RESULTS] = held(10)
    graded()

    delivery = deliver()

    assert delivery.state == "superseded" and "100.00 of 100" in delivery.last_error
    deliver()
    assert len(network.to(SCORES)) == 1


@pytest.mark.parametrize("document", [
    [], {}, None, "x", [None], [{"userId": "other", "resultScore": 1}], [{"userId": "2001"}],
    [{"userId": "2001", "resultScore": "7", "resultMaximum": 10}],
    [{"userId": "2001", "resultScore": 7, "resultMaximum": 0}],
    [{"userId": "2001", "resultScore": 1e300, "resultMaximum": 1}],
])
def test_A08_a_conflict_about_nothing_is_tried_again_late(launched, network, document):
    network.answers[SCORES] = CONFLICT
    network.answers[RESULTS] = answer(body=document)
    graded()
    delivery = deliver()
    assert delivery.state == "pending" and delivery.next_at > now() + timedelta(minutes=40)


def test_A28_a_result_of_nan_is_no_result(launched, network):
    network.answers[SCORES] = CONFLICT
    network.answers[RESULTS] = answer(body=b'[{"userId": "2001", "resultScore": NaN}]')
    graded()
    assert deliver().state == "pending"


def test_without_the_right_to_read_results_a_conflict_is_left_alone(ona, network):
    ona.launch(ags={"scope": [AGS_SCOPE + "score"], "lineitem": "https://moodle.example/lineitem/5"})
    network.answers[SCORES] = CONFLICT
    graded()
    assert deliver().state == "superseded"
    assert not network.to(RESULTS)


def test_A04_a_401_gets_one_fresh_token(launched, network):
    network.answers[TOKEN] = [
        answer(body={"access_token": name, "expires_in": 3600}) for name in ("bearer-old", "bearer-new")
    ]
    network.answers[SCORES] = [answer(401), OK]
    graded()
    assert deliver().state == "sent"
    assert [c["headers"]["Authorization"] for c in network.to(SCORES)] == ["Bearer bearer-old", "Bearer bearer-new"]


def test_A04_a_401_that_stays_is_tried_again_later(launched, network):
    network.answers[SCORES] = answer(401)
    graded()
    delivery = deliver()
    assert delivery.state == "pending" and len(network.to(SCORES)) == 2 and len(network.to(TOKEN)) == 2


@pytest.mark.parametrize("status", [
    pytest.param(400, id="A07"), pytest.param(403, id="A05"), pytest.param(404, id="A06"), pytest.param(410, id="gone"),
    pytest.param(301, id="A11"),
])
def test_A05_A06_A07_A11_what_will_not_pass_is_tried_after_an_hour_and_a_day_then_given_up(launched, network, status):
    network.answers[SCORES] = answer(status, location="https://evil.example/")
    graded()
    waits = []
    for _time in range(2):
        Delivery.objects.update(next_at=now())
        delivery = deliver()
        assert delivery.state == "pending"
        waits.append((delivery.next_at - now()).total_seconds() / 3600)
    assert 0.7 < waits[0] < 1.3 and 19 < waits[1] < 29
    Delivery.objects.update(next_at=now())
    assert deliver().state == "dead"
    assert len(network.to(SCORES)) == 3
    assert {call["url"].split("/")[2] for call in network.calls} == {"moodle.example"}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "hours"), [
    ("1000000000", 6), ("9" * 400, 6), ("7200", 2), ("Thu, 01 Oct 2099 08:00:00 GMT", 6),
])
def test_A10_the_wait_the_platform_asks_for_is_kept_up_to_six_hours(launched, network, status, asked, hours):
    network.answers[SCORES] = answer(status, retry_after=asked)
    network.answers[SCORES] = http.Answer(status, {"retry-after": asked}, b"")
    graded()
    delivery = deliver()
    assert delivery.state == "pending"
    assert abs((delivery.next_at - now()) - timedelta(hours=hours)) < timedelta(seconds=10)


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "Thu, 99 Oct"])
def test_A10_a_wait_that_is_none_means_the_ladder(launched, network, asked):
    network.answers[SCORES] = http.Answer(503, {"retry-after": asked}, b"")
    graded()
    assert deliver().next_at < now() + timedelta(seconds=10)


@pytest.mark.parametrize("fault", [answer(500), answer(502), http.CallFailed("no answer in time")])
def test_a_platform_that_is_down_is_tried_again_by_the_ladder(launched, network, fault):
    network.answers[SCORES] = fault
    graded()
    delivery = deliver()
    assert delivery.state == "pending" and delivery.next_at < now() + timedelta(seconds=10)
    assert "bearer" not in delivery.last_error


@pytest.mark.parametrize("fault", [answer(400), answer(503), answer(body=b"<html>"), answer(body={})])
def test_A01_A02_without_a_token_nothing_is_sent_and_it_is_tried_again(launched, network, fault):
    network.answers[TOKEN] = fault
    graded()
    assert deliver().state == "pending"
    assert not network.to(SCORES)


def test_A25_a_line_item_inside_our_network_is_not_called(ona, monkeypatch, network):
    ona.launch(ags={"scope": [AGS_SCOPE + "score"], "lineitem": "https://169.254.169.254/lineitem/1"})
    graded()
    real = http.is_permitted
    network.answers["https://169.254.169.254/lineitem/1/scores"] = lambda **request: (
        pytest.fail("called") if real("169.254.169.254", private=request["private"]) else answer(500)
    )
    assert deliver().state == "pending"


def test_A25_a_private_network_is_for_the_registered_origins_only(ona, network):
    from lti.flows.addresses import may_be_private

    registration = ona.platform.registration
    assert not may_be_private(registration, "https://moodle.example/lineitem/5")
    registration.settings.allow_private_network = True
    registration.settings.save()
    assert may_be_private(registration, "https://moodle.example/lineitem/5")
    assert not may_be_private(registration, "http://127.0.0.1:6379/")


def test_A27_a_clock_that_went_back_waits_for_its_own_last_score(launched, network):
    ahead = now() + timedelta(minutes=10)
    with freeze_time(ahead):
        graded("1", at=ahead)
        deliver()
    graded("2")

    delivery = deliver()

    assert (delivery.state, delivery.last_status) == ("pending", "clock ahead")
    assert timedelta(minutes=9) < delivery.next_at - now() < timedelta(minutes=11)
    with freeze_time(ahead + timedelta(seconds=30)):
        assert deliver().state == "sent"


@pytest.mark.parametrize(("fraction", "given"), [
    (None, None), (float("nan"), None), (float("inf"), None), (-0.2, 0.0), (1.7, 100.0), (1 / 3, 33.33), (0.0, 0.0),
])
def test_A28_a_grade_is_between_0_and_100_or_none(fraction, given):
    assert scores.points(fraction) == given


def test_A28_nan_is_never_written_into_a_message():
    with pytest.raises(ValueError):
        scores.Score(float("nan"), "", now()).message(user_id="1", timestamp=now())


def test_A29_the_score_goes_where_the_line_item_is_now(launched, network):
    graded()
    launched.launch(ags={"scope": [AGS_SCOPE + "score"], "lineitem": "https://moodle.example/lineitem/9"})
    network.answers["https://moodle.example/lineitem/9/scores"] = OK
    deliver()
    assert not network.to(SCORES) and network.to("https://moodle.example/lineitem/9/scores")


def test_A30_without_the_platform_queued_results_are_given_up(launched, network):
    graded()
    launched.platform.registration.delete()
    assert deliver().state == "dead"
    assert not network.to(SCORES)


def test_A30_a_platform_switched_off_gets_nothing_until_it_is_on_again(launched, network):
    graded()
    registration = launched.platform.registration
    registration.is_active = False
    registration.save()
    assert deliver().state == "pending" and not network.to(SCORES)
    registration.is_active = True
    registration.save()
    Delivery.objects.update(next_at=now())
    assert deliver().state == "sent"


def test_an_older_result_retried_by_hand_does_not_overwrite_a_newer_one(launched, network):
    network.answers[SCORES] = [answer(500), OK]
    graded("1")
    deliver()
    old = Delivery.objects.get()
    Delivery.objects.update(state="dead")
    graded("4")
    deliver()
    Delivery.objects.filter(pk=old.pk).update(state="pending", next_at=now())

    delivering.run_due()

    old.refresh_from_db()
    assert old.state == "superseded" and len(network.to(SCORES)) == 2


def test_somebody_made_teacher_meanwhile_gets_no_more_scores(launched, network):
    launched.launch(roles=[MEMBERSHIP + "Instructor"])
    assert GradeLine.objects.get().lineitem_url == ""
    graded()
    assert deliver() is None
