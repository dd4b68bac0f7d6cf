"""Columns on the trial platform over real HTTP: made once, coupled by the platform, whatever is lost on the way."""

from __future__ import annotations

from datetime import timedelta

import jwt
import pytest
from django.utils.timezone import now

from lti.models import GradeColumn, GradeLine
from tests.factories.lti import AGS
from tests.lti.books import again
from tests.lti.grading import deliver, graded
from tests.lti.trial import columns, come, held

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ungraded(trial, quiz):
    """An activity of the trial platform that opens the quiz and has no column."""
    custom = {"activity": str(quiz.uuid)}
    return trial.post("/api/activities", title="Testas ten", custom=custom, graded=False)["id"]


def named(fields):
    """The column that a launch names."""
    return jwt.decode(fields["id_token"], options={"verify_signature": False})[AGS].get("lineitem")


@pytest.mark.parametrize("moodle", [True, False])
def test_a_column_is_made_and_coupled_and_takes_the_grade(trial, quiz, ungraded, moodle):
    trial.post("/api/manners", moodle=moodle)
    assert named(come(trial, "ona", ungraded)) is None
    graded("3", at=now() - timedelta(seconds=5))
    deliver()
    deliver()

    (column,) = columns(trial, ungraded)
    assert (column["label"], column["score_maximum"]) == ("Testas", 100)
    assert (column["resource_id"], column["tag"]) == (str(quiz.uuid), "kelrodis")
    assert [row["score"] for row in held(trial, ungraded)] == [75]
    assert named(come(trial, "ona", ungraded)) == column["url"] == GradeLine.objects.get().lineitem_url
    again()
    assert len(columns(trial, ungraded)) == len(trial.effects()) == 1
    assert not [call for call in trial.calls() if call["method"] == "DELETE"]


@pytest.mark.parametrize("mode", ["drop_after_apply", "error_after_apply", "cut"])
def test_A12_A14_a_column_that_was_made_without_our_hearing_of_it_is_found(trial, ungraded, mode):
    # these dice let the look pass and hit the making
    trial.post("/api/faults", mode=mode, only="lineitems", rate=0.8, seed=0, count=1)
    come(trial, "ona", ungraded)
    assert deliver().state == "pending" and len(columns(trial, ungraded)) == 1
    assert again().last_status == "found"
    assert len(columns(trial, ungraded)) == 1
    made = [call for call in trial.calls(service="lineitems") if call["method"] == "POST"]
    assert len(made) == 1


@pytest.mark.parametrize("mode", ["503", "429", "reset", "drop_before"])
def test_A12_a_platform_that_fails_gets_one_column_in_the_end(trial, ungraded, mode):
    trial.post("/api/faults", mode=mode, only=["lineitems", "token"], count=3)
    come(trial, "ona", ungraded)
    graded("3")
    for _time in range(5):
        again()
    assert len(columns(trial, ungraded)) == len(held(trial, ungraded)) == 1


def test_A05_without_the_scope_there_is_no_column_and_nothing_fails(trial, ungraded):
    scopes = [scope for scope in trial.get("/api/state")["scopes"] if "lineitem" not in scope]
    trial.post("/api/manners", scopes=scopes)
    come(trial, "ona", ungraded)
    assert GradeColumn.objects.get().problem == "not_granted"
    assert deliver() is None and columns(trial, ungraded) == []


def test_two_links_of_one_quiz_get_a_column_each(trial, quiz, ungraded):
    custom = {"activity": str(quiz.uuid)}
    second = trial.post("/api/activities", title="Dar kartą", custom=custom, graded=False)["id"]
    for activity in (ungraded, second):
        come(trial, "ona", activity)
        deliver()
    graded("3")
    deliver()
    for activity in (ungraded, second):
        assert len(columns(trial, activity)) == len(held(trial, activity)) == 1
