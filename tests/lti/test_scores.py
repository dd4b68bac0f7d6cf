"""Results on their way to the platform: what is planned, for whom, and under which second."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation
from django.utils.timezone import now
from freezegun import freeze_time

from courses.models import ActivityVersion, Completion, Enrolment
from lti.flows import scores
from lti.models import GradeLine
from portal.directory.models import User
from portal.outbox import delivering
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.lti import AGS_SCOPE, MEMBERSHIP, Launcher, answer
from tests.lti.grading import OK, SCORES, deliver, graded, in_lithuanian, sent


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
        "userId": "2001",
        "scoreGiven": 75.0,
        "scoreMaximum": 100.0,
        "comment": in_lithuanian(1),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }


def test_a_result_from_before_the_link_reaches_its_column_at_the_first_launch(ona, network):
    network.answers[SCORES] = OK
    ona.launch(remove=("ags",))
    graded()
    assert deliver() is None
    ona.launch(resource_link={"id": "by-another-door", "title": "Testas"})
    assert (deliver().state, sent(network)[1]["scoreGiven"]) == ("sent", 75.0)
    ona.launch(resource_link={"id": "by-another-door", "title": "Testas"})
    deliver()
    assert len(network.to(SCORES)) == 1


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


def test_with_the_last_attempt_counting_a_grade_may_go_down(launched, network):
    for points in ("4", "1"):
        graded(points, method="last")
        deliver()
    assert [sent(network, n)[1]["scoreGiven"] for n in (0, 1)] == [100.0, 25.0]


@pytest.mark.parametrize(
    ("before", "regraded", "given"), [([], "1", 25.0), ([], "4", 100.0), (["4"], "1", 100.0)]
)
def test_a_regrade_is_sent_with_what_the_quiz_makes_of_it(launched, network, before, regraded, given):
    """Its own attempt may count less than before; the best of several stays."""
    for points in before:
        graded(points)
    attempt = graded("3")
    deliver()
    attempt.points = regraded
    attempt.save()
    with transaction.atomic():
        record("courses.attempt_graded", attempt_id=attempt.pk, rev=1)
    deliver()
    assert len(network.to(SCORES)) == len(before) + 2
    call, message = sent(network)
    assert message["scoreGiven"] == given and message["timestamp"] > sent(network, -2)[1]["timestamp"]


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
    launched.launch(
        resource_link={"id": "35"}, ags={"scope": scopes, "lineitem": "https://moodle.example/lineitem/6"}
    )
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


@pytest.mark.parametrize(
    ("fraction", "given"),
    [
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (-0.2, 0.0),
        (1.7, 100.0),
        (1 / 3, 33.33),
        (0.0, 0.0),
    ],
)
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
