"""The test of a platform: each step passes, fails with the right advice, or is left out, and nothing is changed."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from django.test import Client
from django.utils.translation import override
from lti_tool.models import LtiContext

from courses.models import Activity
from lti.flows import checking, http
from lti.models import GradeColumn, GradeLine, PlatformCheck
from lti.views import checkwords
from portal.outbox import delivering
from portal.outbox.models import Delivery
from tests.factories.lti import AGS_SCOPE, Launcher, answer, jwk
from tests.lti.books import CONTAINER, launch

pytestmark = pytest.mark.django_db
OURS = "http://localhost:8000/lti/jwks/"
ITEM = "https://moodle.example/lineitem/5"
ROSTER = "https://moodle.example/members"
ALL = ["site", "ours", "keys", "clock", "token_score", "token_results", "token_lineitem", "token_members"]


@pytest.fixture
def platform(launched, network, moodle):
    """A platform where everything works, and from which Ona has come."""
    LtiContext.objects.update(memberships_url=f"{ROSTER}?course=12")
    network.answers |= {
        OURS: answer(body={"keys": [jwk("ours")]}),
        f"{moodle.base}/jwks": answer(body={"keys": [jwk(moodle.key)]}, date=formatdate(usegmt=True)),
        ITEM: answer(body={"id": ITEM, "scoreMaximum": 10, "label": "Testas"}),
        ROSTER: answer(body={"id": ROSTER, "members": []}),
    }
    network.calls.clear()
    return moodle


def steps_of(platform):
    """Have the platform tested, as a worker does it; return the steps by name."""
    check = checking.ask(registration=platform.registration, by=None)
    checking.run(check_id=check.pk, round=check.round)
    check.refresh_from_db()
    assert check.done_at is not None
    return {step["step"]: (step["result"], step["reason"]) for step in check.steps}


def failed(platform):
    return {name: reason for name, (result, reason) in steps_of(platform).items() if result == "failed"}


def test_where_all_is_well_every_step_passes_and_nothing_is_written(platform, network):
    found = steps_of(platform)
    assert list(found) == [*ALL, "roster", "grades"]
    assert set(found.values()) == {("passed", "")}
    assert {call["url"].partition("?")[0] for call in network.calls if call["method"] == "POST"} == {
        f"{platform.base}/token"
    }
    [line] = network.to(ITEM)
    assert line["url"].endswith("?type_id=1") and line["headers"]["Authorization"] == "Bearer bearer-1"
    assert network.to(ROSTER)[0]["url"].endswith("?course=12&limit=1")


def test_it_runs_in_a_worker_and_shows_how_far_it_is(platform, network):
    check = checking.ask(registration=platform.registration, by=None)
    assert network.calls == []  # not in the request
    seen = []

    def watched(**_call):
        seen.append(len(PlatformCheck.objects.get().steps))
        return answer(body={"access_token": "t", "expires_in": 3600})

    network.answers[f"{platform.base}/token"] = watched
    delivery = Delivery.objects.get(handler="lti.platform_check")
    delivering.run(delivery.pk)
    delivery.refresh_from_db()
    assert delivery.last_status == "tested" and seen == [4, 5, 6, 7]
    check.refresh_from_db()
    assert check.done_at is not None and check.failed == 0


def test_a_test_under_way_is_not_begun_again_and_one_asked_anew_ends_the_old(platform):
    first = checking.ask(registration=platform.registration, by=None)
    again = checking.ask(registration=platform.registration, by=None)
    assert (again.round, Delivery.objects.filter(handler="lti.platform_check").count()) == (first.round, 1)
    PlatformCheck.objects.update(asked_at=first.asked_at - 2 * checking.UNDER_WAY)
    anew = checking.ask(registration=platform.registration, by=None)
    assert anew.round == first.round + 1
    assert checking.run(check_id=first.pk, round=first.round) is False


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (http.CallFailed("address refused"), "refused"),
        (http.CallFailed("host not found"), "host"),
        (http.CallFailed("no answer in time"), "late"),
        (http.CallFailed("ConnectionRefusedError"), "silent"),
        (http.CallFailed("SSLCertVerificationError"), "tls"),
        (answer(status=404), "status"),
        (answer(body=b"<html>"), "unreadable"),
        (answer(body={"keys": []}), "no_key"),
    ],
)
def test_keys_that_cannot_be_had_fail_with_a_reason(platform, network, found, reason):
    network.answers[f"{platform.base}/jwks"] = found
    steps = steps_of(platform)
    assert steps["keys"] == ("failed", reason) and steps["clock"] == ("skipped", "unknown")
    silent = reason in {"host", "late", "silent"}
    assert (steps["token_score"] == ("skipped", "not_tried")) == silent


@pytest.mark.parametrize(("seconds", "reason"), [(90, "ahead"), (-90, "behind"), (3, ""), (-3, "")])
def test_clocks_are_compared(platform, network, seconds, reason):
    date = formatdate(time.time() + seconds, usegmt=True)
    network.answers[f"{platform.base}/jwks"] = answer(body={"keys": [jwk(platform.key)]}, date=date)
    assert steps_of(platform)["clock"] == (("failed", reason) if reason else ("passed", ""))


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (answer(status=400, body={"error": "invalid_scope"}), "scope"),
        (answer(status=400, body={"error": "invalid_client"}), "client"),
        (answer(status=404, body=b"<html>Invalid request"), "keys"),
        (answer(status=500, body=b"[[["), "status"),
        (answer(body={"token_type": "Bearer"}), "status"),
        (http.CallFailed("answer cut short"), "silent"),
    ],
)
def test_a_token_that_is_not_given_fails_with_a_reason(platform, network, found, reason):
    network.answers[f"{platform.base}/token"] = found
    steps = steps_of(platform)
    assert steps["token_score"] == ("failed", reason)
    assert steps["grades"][0] == steps["roster"][0] == "skipped"


def test_one_scope_that_is_missing_leaves_the_others(platform, network):
    def granted(*, body, **_call):
        if b"contextmembership" in body or b"scope%2Flineitem" in body:
            return answer(status=400, body={"error": "invalid_scope"})
        return answer(body={"access_token": "t", "expires_in": 3600})

    network.answers[f"{platform.base}/token"] = granted
    network.answers["https://moodle.example/lineitem/5/results"] = answer(body=[])
    steps = steps_of(platform)
    assert steps["token_score"] == steps["grades"] == ("passed", "")  # read by its results instead
    assert steps["token_members"] == ("failed", "scope") and steps["roster"] == ("skipped", "no_token")


@pytest.mark.parametrize(
    "found", [answer(status=404), answer(body=[]), answer(body={}), http.CallFailed("x")]
)
def test_a_roster_or_column_that_cannot_be_read_fails(platform, network, found):
    network.answers |= {ITEM: found, ROSTER: found}
    assert set(failed(platform)) == {"roster", "grades"}


def test_before_anybody_has_come_roster_and_column_wait(platform):
    GradeLine.objects.all().delete()
    LtiContext.objects.update(memberships_url="")
    steps = steps_of(platform)
    assert steps["roster"] == steps["grades"] == ("skipped", "nothing_known")


@pytest.fixture
def missing_column(platform, network):
    """Ona has come by a link that names no column; returns our record of it, given a problem."""

    def of(problem, *scopes):
        GradeLine.objects.all().delete()
        launch(platform.launcher, *scopes)
        delivering.run_due()
        GradeColumn.objects.update(**({"problem": problem, "lineitem_url": ""} if problem else {}))
        return GradeColumn.objects.get()

    platform.launcher = Launcher(platform, Client(), Activity.objects.get(kind="quiz"))
    network.answers[CONTAINER] = answer(403)
    return of


def test_A05_a_column_that_we_may_not_add_is_told_with_the_place_to_allow_it(platform, missing_column):
    missing_column("", AGS_SCOPE + "score")
    assert steps_of(platform)["grades"] == ("failed", "not_granted")
    step = next(step for step in PlatformCheck.objects.get().steps if step["step"] == "grades")
    with override("en"):
        line = checkwords.line(step)
    assert line.detail == "Testas" and "grade sync and column management" in line.advice


@pytest.mark.parametrize("problem", ["others", "gone", "no_container"])
def test_a_column_that_is_missing_is_told_with_the_reason(platform, network, missing_column, problem):
    missing_column(problem)
    assert steps_of(platform)["grades"] == ("failed", problem)


def test_A05_a_platform_that_refuses_columns_fails_by_its_status(platform, network, missing_column):
    missing_column("")
    assert steps_of(platform)["grades"] == ("failed", "status")
    network.answers[CONTAINER] = answer(body=[])
    assert steps_of(platform)["grades"] == ("failed", "status")  # it can be read, and refused ours
    GradeColumn.objects.update(problem="no answer")
    assert steps_of(platform)["grades"] == ("passed", "")  # it was only away
    (call, *_more) = [call for call in network.to(CONTAINER) if call["method"] == "GET"]
    assert call["url"].endswith("?type_id=1&resource_link_id=34")


def test_after_a_test_the_next_launch_asks_for_the_column_again(platform, network, missing_column):
    missing_column("not_granted")
    network.answers[CONTAINER] = answer(body=[])
    launch(platform.launcher)
    assert GradeColumn.objects.get().round == 1
    Delivery.objects.all().delete()
    steps_of(platform)
    launch(platform.launcher)
    assert GradeColumn.objects.get().round == 2


def test_a_link_whose_column_is_named_by_now_is_no_trouble(platform, missing_column):
    missing_column("gone")
    platform.launcher.launch()
    assert steps_of(platform)["grades"] == ("passed", "")


def test_our_own_address_is_tried_too(platform, network, settings):
    network.answers[OURS] = http.CallFailed("SSLCertVerificationError")
    assert failed(platform) == {"ours": "tls"}
    settings.ENVIRONMENT = "production"
    assert failed(platform)["site"] == "ours_plain"


def test_every_step_and_reason_has_words_in_both_languages(platform):
    reasons = [*checkwords.ADVICE, "scope", "keys", "not_granted"]
    for language in ("lt", "en"):
        with override(language):
            told = {
                (step, reason): checkwords.advice(step, reason)
                for step in checkwords.TITLES
                for reason in reasons
            }
            assert all(told.values()) and len({str(title) for title in checkwords.TITLES.values()}) == 10
            assert "lti/jwks" in told["token_score", "keys"]
            assert told["token_members", "scope"] != told["token_score", "scope"]
