"""Whatever a platform answers, nothing breaks: every attempt has an outcome, and only what was taken is delivered."""

from __future__ import annotations

import pytest
from django.utils.timezone import now
from hypothesis import event, given, settings
from hypothesis import strategies as st

from lti.flows import checking, http, keys
from lti.models import GradeColumn, GradeLine, PlatformCheck
from lti.views import checkwords
from portal.outbox import delivering
from portal.outbox.models import Delivery
from portal.outbox.registry import Outcome
from tests.factories.lti import answer
from tests.lti.anything import MANY, answers, undone
from tests.lti.books import ALL, CONTAINER, OURS, item, launch
from tests.lti.grading import OK, RESULTS, SCORES, TOKEN, deliver, graded

pytestmark = pytest.mark.django_db
GRANTED = {"access_token": "bearer-1", "token_type": "Bearer", "expires_in": 3600, "scope": " ".join(ALL)}
TOKENS = st.integers(0, 4).flatmap(
    lambda n: answers(GRANTED, {"error": "invalid_scope"}) if n == 0 else st.just(answer(body=GRANTED))
)
HELD = [{"userId": "2001", "resultScore": 7.5, "resultMaximum": 10, "comment": "Gerai"}]
STATES = {None, "sent", "dead", "superseded"}


@pytest.fixture(autouse=True)
def signing_key(db):
    """Our key is there before: each example would make one, which takes long."""
    return keys.current()


@pytest.fixture
def outcomes(monkeypatch):
    """What each attempt came to, as the outbox was told; an exception that escaped fails the test."""
    told: list[Outcome] = []
    settle = delivering.settle

    def watched(delivery, outcome):
        assert outcome.status != "error", outcome.error
        assert outcome.state in STATES and outcome.status and isinstance(outcome.error, str)
        told.append(outcome)
        return settle(delivery, outcome)

    monkeypatch.setattr(delivering, "settle", watched)
    return told


def run(outcomes):
    """Make the one delivery that waits, and return its row and what it came to."""
    outcomes.clear()
    row = Delivery.objects.pending().get()
    assert delivering.run(row.pk)
    row.refresh_from_db()
    assert row.lease_owner == "" and (row.state == "pending") == (row.settled_at is None)
    assert row.state != "pending" or row.next_at > row.created_at
    (outcome,) = outcomes
    event(outcome.status)
    return row, outcome


@MANY
@given(token=TOKENS, score=answers({}) | answers({}, status=409), result=answers(HELD))
def test_A01_A02_A03_A15_A28_any_answer_to_a_score(outcomes, launched, network, token, score, result):
    with undone():
        network.answers |= {TOKEN: token, SCORES: score, RESULTS: result}
        network.calls.clear()
        graded()
        row, outcome = run(outcomes)
        asked = network.to(SCORES)
        taken = isinstance(score, http.Answer) and 200 <= score.status < 300
        assert (outcome.status == "delivered") == (bool(asked) and taken)
        if row.state == "sent" and not taken:
            assert score.status == 409 and outcome.status == "already there" and network.to(RESULTS)
        assert len(asked) <= 2 and {call["url"].split("/")[2] for call in network.calls} <= {"moodle.example"}
        assert GradeLine.objects.get().last_sent_at <= now()


@MANY
@given(
    token=TOKENS,
    listed=answers([], [], [item()], [item(), item("https://moodle.example/b")]),
    made=answers(item(), {"id": OURS}),
)
def test_A11_A15_A25_any_answer_about_a_column(outcomes, ona, network, token, listed, made):
    with undone():
        network.answers |= {TOKEN: token}
        network.answers[CONTAINER] = lambda *, method, **_call: _said(listed if method == "GET" else made)
        network.calls.clear()
        launch(ona)
        row, outcome = run(outcomes)
        column, posts = GradeColumn.objects.get(), [c for c in network.calls if c["method"] == "POST"]
        assert (row.state == "sent") == bool(column.lineitem_url)
        assert column.lineitem_url == "" or column.lineitem_url.startswith("https://moodle.example/")
        assert bool(column.problem) == (outcome.state != "sent")
        assert GradeLine.objects.get().lineitem_url == column.lineitem_url
        assert len([call for call in posts if call["url"].startswith(CONTAINER)]) <= 2
        assert {call["url"].split("/")[2] for call in network.calls} <= {"moodle.example"}


def _said(found):
    if isinstance(found, Exception):
        raise found
    return found


@settings(MANY, max_examples=40)
@given(token=TOKENS, found=answers([], HELD, item(), {"members": []}, {"keys": []}))
def test_any_answer_to_the_test_of_a_platform(launched, network, token, found):
    with undone():
        network.answers |= {
            url: found
            for url in ("http://localhost:8000/lti/jwks/", "https://moodle.example/jwks", OURS, RESULTS)
        }
        network.answers |= {TOKEN: token, "https://moodle.example/lineitem/5": found}
        check = checking.ask(registration=launched.platform.registration, by=None)
        assert checking.run(check_id=check.pk, round=check.round)
        check = PlatformCheck.objects.get()
        assert len(check.steps) == 10 and all(line.told for line in checkwords.lines(check))


def test_the_right_answers_end_well(launched, network):
    """The tests above would say nothing if no score could arrive in them."""
    network.answers |= {TOKEN: answer(body=GRANTED), SCORES: OK}
    graded()
    assert deliver().state == "sent"
