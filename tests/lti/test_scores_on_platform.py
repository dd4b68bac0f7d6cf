"""Scores against the trial platform over real HTTP: Moodle's rules, and what goes wrong on the way."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.lti.books import again
from tests.lti.grading import deliver, graded
from tests.lti.trial import come, held

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ona_on_trial(trial, quiz):
    """Ona has come from the trial platform; returns its activity."""
    made = trial.post("/api/activities", title="Testas", custom={"activity": str(quiz.uuid)}, graded=True)
    come(trial, "ona", made["id"])
    return made["id"]


def test_a_grade_arrives_by_moodles_rules(trial, ona_on_trial):
    graded("3", at=now() - timedelta(seconds=5))
    assert deliver().state == "sent"

    (row,) = held(trial, ona_on_trial)
    assert row["score"] == pytest.approx(0.75 * row["maximum"]) and row["comment"]


def test_A14_applied_but_answered_500_ends_as_sent_with_one_effect(trial, ona_on_trial):
    trial.post("/api/faults", mode="error_after_apply", only="scores", count=1)
    graded("3")
    assert deliver().state == "pending"
    delivery = again()
    assert (delivery.state, delivery.last_status) == ("sent", "already there")
    assert len(trial.effects()) == 1


@pytest.mark.parametrize("mode", ["drop_after_apply", "cut", "drop_before", "reset", "503", "429"])
def test_A12_a_lost_answer_ends_as_sent_with_one_effect(trial, ona_on_trial, mode):
    trial.post("/api/faults", mode=mode, only="scores", count=1)
    graded("3")
    assert deliver().state == "pending"
    assert again().state == "sent"
    assert len(trial.effects()) == 1


def test_A04_expired_tokens_are_replaced(trial, ona_on_trial):
    graded("1", at=now() - timedelta(seconds=9))
    deliver()
    trial.post("/api/expire_tokens")
    graded("3", at=now() - timedelta(seconds=5))
    assert deliver().state == "sent"
    assert len(trial.effects()) == 2


def test_A09_a_teachers_later_grade_stands(trial, ona_on_trial):
    trial.post("/api/grades", person="ona", activity=ona_on_trial, score=42)
    graded("3", at=now() - timedelta(minutes=1))
    assert deliver().state == "superseded"
    assert held(trial, ona_on_trial)[0]["final"] == 42


def test_A09_a_grade_that_differs_from_ours_is_never_a_reason_to_send(trial, ona_on_trial):
    """No launch, no sweep fights a teacher. A new result of the student is sent, and the teacher's still counts."""
    graded("2", at=now() - timedelta(seconds=30))
    deliver()
    trial.post("/api/grades", person="ona", activity=ona_on_trial, score=3)
    for _time in range(3):
        come(trial, "ona", ona_on_trial)
        again()
    assert len(trial.calls(service="scores")) == len(trial.effects()) == 1

    time.sleep(1.1)  # Moodle stamps the override with its own second
    graded("4")
    assert deliver().state == "sent"
    (row,) = held(trial, ona_on_trial)
    assert (row["score"], row["final"]) == (10, 3)


@pytest.mark.parametrize(("method", "arrives"), [("best", [10, 10]), ("last", [10, 2.5])])
def test_best_never_lowers_a_grade_there_and_last_may(trial, ona_on_trial, method, arrives):
    graded("4", at=now() - timedelta(seconds=30), method=method)
    deliver()
    first = held(trial, ona_on_trial)[0]["score"]
    graded("1", at=now() - timedelta(seconds=20))
    deliver()
    (row,) = held(trial, ona_on_trial)
    assert [first, row["score"]] == arrives and row["comment"]


def test_A07_somebody_enrolled_late_gets_the_grade_an_hour_later(trial, ona_on_trial):
    trial.post("/api/people/ona", courses=[])
    graded("3")
    delivery = deliver()
    assert (delivery.state, delivery.last_status) == ("pending", "http 400")
    trial.post("/api/people/ona", courses=[row["id"] for row in trial.get("/api/state")["courses"]])
    assert again().state == "sent" and len(trial.effects()) == 1


def test_a_locked_column_is_tried_again_and_takes_the_grade_when_it_is_open(trial, ona_on_trial):
    trial.post(f"/api/activities/{ona_on_trial}", locked=True)
    graded("3")
    assert (deliver().state, deliver().last_status) == ("pending", "http 500")
    trial.post(f"/api/activities/{ona_on_trial}", locked=False)
    assert again().state == "sent"
