"""What the platform answers to a score, and what becomes of the delivery then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from lti.flows import http
from portal.outbox.models import Delivery
from tests.factories.lti import AGS_SCOPE, answer
from tests.lti.grading import CONFLICT, OK, RESULTS, SCORES, TOKEN, deliver, graded, held


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


@pytest.mark.parametrize(
    "document",
    [
        [],
        {},
        None,
        "x",
        [None],
        [{"userId": "other", "resultScore": 1}],
        [{"userId": "2001"}],
        [{"userId": "2001", "resultScore": "7", "resultMaximum": 10}],
        [{"userId": "2001", "resultScore": 7, "resultMaximum": 0}],
        [{"userId": "2001", "resultScore": 1e300, "resultMaximum": 1}],
    ],
)
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
    assert [c["headers"]["Authorization"] for c in network.to(SCORES)] == [
        "Bearer bearer-old",
        "Bearer bearer-new",
    ]


def test_A04_a_401_that_stays_is_tried_again_later(launched, network):
    network.answers[SCORES] = answer(401)
    graded()
    delivery = deliver()
    assert delivery.state == "pending" and len(network.to(SCORES)) == 2 and len(network.to(TOKEN)) == 2


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(400, id="A07"),
        pytest.param(403, id="A05"),
        pytest.param(404, id="A06"),
        pytest.param(410, id="gone"),
        pytest.param(301, id="A11"),
    ],
)
def test_A05_A06_A07_A11_what_will_not_pass_is_tried_after_an_hour_and_a_day_then_given_up(
    launched, network, status
):
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
@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        ("1000000000", 6),
        ("9" * 400, 6),
        ("7200", 2),
        ("Thu, 01 Oct 2099 08:00:00 GMT", 6),
    ],
)
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
