"""What was learnt in launches goes to the account that is joined; where both had the same, by rule."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils.timezone import now
from lti_tool.models import LtiUser

from certificates.models import Credential, Register
from certificates.reports import of as certificates_of
from courses.models import (
    ActivityCompletion,
    ActivityVersion,
    Answer,
    Attempt,
    CheckResponse,
    Completion,
    Enrolment,
)
from portal.catalogue.models import Question, ReadMark
from portal.custody import custody
from portal.directory.models import Affiliation
from tests.factories.people import LibraryFactory
from tests.lti.grading import SCORES, deliver, graded
from tests.lti.joining import at_home, joined, shown_code

EARLY, LATE = now() - timedelta(days=9), now() - timedelta(days=2)


ITEM = {"id": "s", "type": "single", "points": "4", "options": [{"id": "x", "fraction": "1"}]}


@pytest.fixture
def ona_there(launched):
    """Ona's account of launches, enrolled."""
    return LtiUser.objects.get().auth_user


@pytest.fixture
def enrolled(ona_there, austeja, quiz):
    """Both enrolments in the course: that of launches, and the account's own."""
    there = Enrolment.objects.get(user=ona_there)
    own = Enrolment.objects.create(user=austeja, course=quiz.course, source="self", started_at=LATE)
    Enrolment.objects.filter(pk=there.pk).update(started_at=EARLY)
    return there, own


@pytest.fixture
def version(quiz):
    """The quiz as it was published."""
    payload = {"grade_method": "best", "items": [ITEM], "pass_percent": 50, "outline": []}
    return ActivityVersion.objects.create(
        activity=quiz, language="lt", number=1, sha256="v1", payload=payload
    )


@pytest.fixture
def join(launched, austeja):
    """Join the two; must succeed."""

    def act():
        response = joined(at_home(austeja), shown_code(launched))
        assert response.status_code == 302, response.content.decode()

    return act


def attempt(enrolment, quiz, version, number, began, points=None, **more):
    over = {"state": "finished", "finished_at": began, "points": points, "points_max": 4} if points else {}
    return Attempt.objects.create(
        enrolment=enrolment, quiz=quiz, version=version, number=number, started_at=began, **over, **more
    )


def test_a_course_taken_there_alone_moves_with_all_that_hangs_on_it(join, ona_there, austeja, quiz, version):
    there = Enrolment.objects.get()
    attempt(there, quiz, version, 1, EARLY, points=3)
    ActivityCompletion.objects.create(enrolment=there, activity=quiz, version=version)
    Completion.objects.create(enrolment=there, course_version=version, evidence=[])

    join()

    enrolment = Enrolment.objects.get()
    assert (enrolment.pk, enrolment.user, enrolment.source) == (there.pk, austeja, "launch")
    assert enrolment.attempts.count() == enrolment.activity_completions.count() == 1
    assert enrolment.completion.enrolment == enrolment


def test_of_a_course_taken_in_both_one_enrolment_is_left_that_began_first(join, enrolled):
    library = LibraryFactory()
    Enrolment.objects.filter(pk=enrolled[0].pk).update(library=library)

    join()

    left = Enrolment.objects.get()
    assert (left.pk, left.started_at, left.library, left.source) == (enrolled[1].pk, EARLY, library, "self")


def test_the_library_of_the_own_enrolment_stays(join, enrolled):
    here, other = LibraryFactory(), LibraryFactory()
    Enrolment.objects.filter(pk=enrolled[0].pk).update(library=other)
    Enrolment.objects.filter(pk=enrolled[1].pk).update(library=here)

    join()

    assert Enrolment.objects.get().library == here


def test_the_attempts_of_both_are_numbered_anew_in_the_order_they_began(join, enrolled, quiz, version):
    there, own = enrolled
    second = attempt(there, quiz, version, 1, EARLY + timedelta(days=1), points=1)
    fourth = attempt(there, quiz, version, 2, LATE + timedelta(days=1), points=2)
    first = attempt(own, quiz, version, 1, EARLY, points=3)
    third = attempt(own, quiz, version, 2, LATE, points=4)
    preview = attempt(there, quiz, version, 1, EARLY, points=4, preview=True)

    join()

    rows = list(Attempt.objects.filter(preview=False).order_by("number").values_list("pk", "number"))
    assert rows == [(first.pk, 1), (second.pk, 2), (third.pk, 3), (fourth.pk, 4)]
    assert set(Attempt.objects.values_list("enrolment", flat=True)) == {own.pk}
    preview.refresh_from_db()
    assert preview.number == 1


@pytest.mark.parametrize("newer", ["there", "own"])
def test_of_two_attempts_under_way_the_older_ends_as_it_stands(join, enrolled, quiz, version, newer):
    began = (LATE, EARLY) if newer == "there" else (EARLY, LATE)
    rows = [
        attempt(enrolment, quiz, version, 1, when) for enrolment, when in zip(enrolled, began, strict=True)
    ]
    older, later = sorted(rows, key=lambda row: row.started_at)
    Answer.objects.create(attempt=older, item_id="s", response=["x"])

    join()

    for row in rows:
        row.refresh_from_db()
    assert (older.state, later.state) == ("finished", "running")
    assert (older.number, older.points, later.number) == (1, 4, 2)


def test_an_attempt_under_way_without_any_answer_is_let_go_for_a_newer_one(join, enrolled, quiz, version):
    attempt(enrolled[0], quiz, version, 1, EARLY)
    newer = attempt(enrolled[1], quiz, version, 1, LATE)

    join()

    left = Attempt.objects.get()
    assert (left.pk, left.number, left.state) == (newer.pk, 1, "running")


@pytest.mark.parametrize("first", ["there", "own"])
def test_what_is_done_in_either_is_done_since_the_first_time(join, enrolled, quiz, version, first):
    moments = (EARLY, LATE) if first == "there" else (LATE, EARLY)
    for enrolment, moment in zip(enrolled, moments, strict=True):
        ActivityCompletion.objects.create(
            enrolment=enrolment, activity=quiz, version=version, completed_at=moment
        )
    ActivityCompletion.objects.create(enrolment=enrolled[0], activity=quiz.course, version=version)

    join()

    done = ActivityCompletion.objects.filter(enrolment=enrolled[1])
    assert done.count() == ActivityCompletion.objects.count() == 2
    assert done.get(activity=quiz).completed_at == EARLY


@pytest.mark.parametrize("newer", ["there", "own"])
def test_the_newer_answer_to_a_knowledge_check_stands(join, enrolled, quiz, newer):
    moments = (LATE, EARLY) if newer == "there" else (EARLY, LATE)
    for enrolment, moment in zip(enrolled, moments, strict=True):
        CheckResponse.objects.create(
            enrolment=enrolment, lesson=quiz, check_id="a", chosen=[str(moment)], answered_at=moment
        )
    CheckResponse.objects.create(enrolment=enrolled[0], lesson=quiz, check_id="b")

    join()

    assert CheckResponse.objects.get(check_id="a").chosen == [str(LATE)]
    assert set(CheckResponse.objects.values_list("enrolment", flat=True)) == {enrolled[1].pk}


def test_what_both_have_done_together_completes_the_course(join, enrolled, quiz, version):
    """Half of it there, half of it here: then nothing is left to do."""
    outline = [{"items": [{"id": quiz.pk, "uuid": str(quiz.uuid), "kind": "quiz", "title": "Testas"}]}]
    ActivityVersion.objects.create(
        activity=quiz.course, language="lt", number=1, sha256="c1", payload={"outline": outline}
    )
    ActivityCompletion.objects.create(enrolment=enrolled[0], activity=quiz, version=version)

    join()

    assert Completion.objects.get().enrolment_id == enrolled[1].pk


def test_of_two_completions_the_accounts_own_stays(join, enrolled, version):
    _there, own = [
        Completion.objects.create(enrolment=one, course_version=version, evidence=[]) for one in enrolled
    ]

    join()

    assert Completion.objects.get() == own


# Certificates -----------------------------------------------------------------------------------


def certified(enrolment, version, number):
    """Give the enrolment a completion and a certificate."""
    completion = Completion.objects.create(enrolment=enrolment, course_version=version, evidence=[])
    snapshot = {
        "holder_name": "Ona",
        "title": "Kursas",
        "language": "lt",
        "hours": 2,
        "issued_on": "2026-11-02",
    }
    return Credential.objects.create(
        number=number,
        holder=enrolment.user,
        achievement=enrolment.course,
        completion=completion,
        snapshot=snapshot,
    )


def test_a_certificate_moves_with_its_number(join, austeja, ona_there, version):
    mine = certified(Enrolment.objects.get(), version, "K-2026-000001")

    join()

    mine.refresh_from_db()
    assert mine.holder == austeja and mine.completion.enrolment.user == austeja
    assert [row.number for row in certificates_of(austeja).issued] == ["K-2026-000001"]
    assert not Register.objects.exists()  # nothing was issued anew


def test_certificates_of_both_for_one_course_both_hold(join, enrolled, austeja, version):
    there, own = (certified(one, version, f"K-2026-00000{n}") for n, one in enumerate(enrolled))

    join()

    assert set(Credential.objects.of(austeja)) == {there, own}
    there.refresh_from_db()
    assert there.is_valid and there.completion is None
    assert Completion.objects.get().credential == own
    assert len(certificates_of(austeja).issued) == 2 and not certificates_of(austeja).waiting


def test_a_certificate_of_launches_hangs_on_the_accounts_completion_that_had_none(
    join, enrolled, austeja, version
):
    there = certified(enrolled[0], version, "K-2026-000001")
    own = Completion.objects.create(enrolment=enrolled[1], course_version=version, evidence=[])

    join()

    assert Completion.objects.get() == own and own.credential == there
    assert not certificates_of(austeja).waiting  # so none is issued a second time


# The rest ---------------------------------------------------------------------------------------


def test_marks_of_reading_are_there_once_and_questions_move(join, ona_there, austeja):
    read = uuid.uuid4()
    for person, item in ((ona_there, "a"), (ona_there, "b"), (austeja, "b")):
        ReadMark.objects.create(user=person, list_key=read, item=item)
    Question.objects.create(user=ona_there, name="Ona", email="ona@x.example", text="Kur?", subject="Kur?")

    join()

    assert sorted(ReadMark.objects.of(austeja).values_list("item", flat=True)) == ["a", "b"]
    assert ReadMark.objects.count() == 2
    assert Question.objects.get().user == austeja


def test_places_of_work_and_groups_move_but_for_a_library_that_is_there(join, ona_there, austeja):
    same, other = LibraryFactory(), LibraryFactory()
    for person, library in ((ona_there, same), (ona_there, other), (austeja, same)):
        Affiliation.objects.create(user=person, library=library, date_from=date(2026, 1, 1))
    ona_there.groups.add(Group.objects.create(name="Skaitytojai"))

    join()

    assert set(Affiliation.objects.values_list("user", "library")) == {
        (austeja.pk, same.pk),
        (austeja.pk, other.pk),
    }
    assert austeja.groups.get().name == "Skaitytojai"


def test_a_result_that_waits_to_be_sent_is_sent(join, launched, network):
    graded("3")

    join()
    deliver()

    body = json.loads(network.to(SCORES)[-1]["body"])
    assert (body["userId"], body["scoreGiven"]) == ("2001", 75.0)


def test_a_better_result_of_the_account_goes_to_the_platform(join, enrolled, austeja, network, version, quiz):
    attempt(enrolled[0], quiz, version, 1, EARLY, points=1)
    attempt(enrolled[1], quiz, version, 1, LATE, points=4)

    join()
    deliver()

    assert json.loads(network.to(SCORES)[-1]["body"])["scoreGiven"] == 100.0


def test_where_the_account_had_not_taken_the_course_nothing_is_sent_again(join, launched, network):
    graded("3")
    deliver()
    before = len(network.to(SCORES))

    join()
    deliver()

    assert len(network.to(SCORES)) == before == 1


def test_later_results_go_to_the_platform_wherever_they_were_earned(join, launched, network, austeja):
    join()
    graded("4", user=austeja)
    deliver()

    assert json.loads(network.to(SCORES)[-1]["body"])["scoreGiven"] == 100.0


def test_if_anything_would_be_left_behind_nothing_is_joined(launched, austeja, monkeypatch, version):
    certified(Enrolment.objects.get(), version, "K-2026-000001")
    forgetful = replace(custody.holdings["certificates"], move=lambda source, target: None)
    monkeypatch.setitem(custody.holdings, "certificates", forgetful)
    before = list(Enrolment.objects.values_list("user", flat=True))

    response = joined(at_home(austeja), shown_code(launched))

    assert response.status_code == 400 and "niekas nepakeista" in response.content.decode()
    assert list(Enrolment.objects.values_list("user", flat=True)) == before
    assert LtiUser.objects.get().auth_user != austeja and LtiUser.objects.get().auth_user.is_active


def test_points_are_what_they_were(join, enrolled, quiz, version):
    row = attempt(enrolled[0], quiz, version, 1, EARLY, points=3)

    join()

    row.refresh_from_db()
    assert (row.points, row.number) == (3, 1)
