"""The list of participants against the trial platform over real HTTP: Moodle's manners, and what goes wrong."""

from __future__ import annotations

import pytest

from lti.flows import rosters
from lti.models import Roster, RosterMember
from portal.directory.models import User
from tests.lti.rosters import listed, members, read
from tests.lti.trial import come

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rasa(trial, quiz):
    """Rasa, the teacher, has come; returns the activity."""
    made = trial.post("/api/activities", title="Testas", custom={"activity": str(quiz.uuid)}, graded=True)
    come(trial, "rasa", made["id"])
    return made["id"]


def again():
    rosters.ask(context=Roster.objects.get().context, every=rosters.BY_HAND * 0)
    return read()


def test_moodles_list_is_read_whole_with_its_short_roles(trial, rasa):
    roster = read()
    assert roster.problem == "" and roster.read_at
    roles = dict(RosterMember.objects.values_list("given_name", "role"))
    assert roles["Ona"] == "learner" and roles["Rasa"] == "teacher"
    assert len(listed()) >= 6 and User.objects.count() == 1
    (call,) = [one for one in trial.get("/api/log")["calls"] if one["service"] == "members"]
    assert "limit" not in call["path"] and call["status"] == 200


def test_a_teacher_who_may_not_edit_stays_one_though_moodles_list_says_learner(trial, rasa):
    come(trial, "tom", rasa)
    assert read().problem == ""
    membership = User.objects.latest("pk").lti_users.get().memberships.get()
    assert membership.is_instructor and membership.is_active
    assert RosterMember.objects.get(subject=membership.user.sub).role == "learner"


def test_whoever_is_unenrolled_in_moodle_is_no_member_after_the_next_list(trial, rasa):
    come(trial, "ona", rasa)
    read()
    before = members()
    trial.post("/api/people/ona", courses=[])
    assert again().problem == ""
    assert len(before - members()) == 1 and len(members()) == 1


FAULTS = {
    "A02 token HTML": ({"mode": "answer", "only": "token", "status": 200, "body": "<html>"}, "unreadable"),
    "A12 cut": ({"mode": "cut"}, "silent"),
    "dropped": ({"mode": "drop_before"}, "silent"),
    "reset": ({"mode": "reset"}, "silent"),
    "A10 429": ({"mode": "429"}, "busy"),
    "A05 403": ({"mode": "answer", "status": 403}, "permission"),
    "A11 redirect": (
        {"mode": "answer", "status": 301, "headers": {"Location": "http://127.0.0.1:1/"}},
        "status",
    ),
    "A15 10 MB": ({"mode": "answer", "body": "x" * 100, "repeat": 100_000}, "too_many"),
    "A15 deep": ({"mode": "answer", "body": "[", "repeat": 200_000}, "unreadable"),
    "A16 gzip bomb": ({"mode": "answer", "body": " " * 100, "repeat": 100_000, "gzip": True}, "too_many"),
    "A17 elsewhere": (
        {
            "mode": "answer",
            "body": '{"members": [{"user_id": "1"}]}',
            "headers": {"Link": '<http://localhost:1/>; rel="next"'},
        },
        "elsewhere",
    ),
    "A18 loop": (
        {
            "mode": "answer",
            "body": '{"members": [{"user_id": "1"}]}',
            "headers": {"Link": '<{self}>; rel="next"'},
        },
        "endless",
    ),
    "A20 endless": (
        {
            "mode": "answer",
            "body": '{"members": [{"user_id": "u{n}"}]}',
            "headers": {"Link": '<{self}?page={n}>; rel="next"'},
        },
        ("endless", "elsewhere"),  # two hundred pages, or an address grown beyond all measure
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_A_a_fault_changes_nothing_and_no_token_goes_elsewhere(trial, rasa, case):
    before = read().read_at
    known = listed()
    fault, problems = FAULTS[case]
    if fault.get("only") == "token":
        from django.core.cache import cache

        cache.clear()
    trial.post("/api/faults", **({"only": "members"} | fault))

    roster = again()

    assert roster.problem in problems if isinstance(problems, tuple) else roster.problem == problems
    assert listed() == known and roster.read_at == before and len(members()) == 1
