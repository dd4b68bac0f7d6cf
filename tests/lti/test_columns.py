"""Columns of the grade book that no launch names: looked for, made once, used by everybody of the link."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import ActivityVersion, Completion, Enrolment
from lti.models import GradeColumn, GradeLine
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from tests.factories.lti import AGS_SCOPE, MEMBERSHIP, Launcher, Platform, answer
from tests.lti.books import ALL, CONTAINER, OURS, SCORES, Book, item, launch, without_column
from tests.lti.grading import OK, TOKEN, deliver, graded

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(network):
    return Book(network)


def test_a_quiz_without_a_column_gets_one_in_a_worker_and_what_waits_for_it_goes(ona, book, quiz):
    launch(ona)
    assert book.network.to(CONTAINER) == []  # not in the request
    graded("3")

    deliver()

    (look,), (post,) = book.calls("GET"), book.calls("POST")
    assert look["url"] == f"{CONTAINER}?type_id=1&resource_link_id=34"
    assert look["headers"]["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert post["url"] == f"{CONTAINER}?type_id=1"
    assert post["headers"]["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert json.loads(post["body"]) == {
        "label": "Testas",
        "scoreMaximum": 100,
        "resourceId": str(quiz.uuid),
        "resourceLinkId": "34",
        "tag": "kelrodis",
    }
    deliver()
    (score,) = book.network.to(SCORES)
    assert score["url"] == SCORES + "?type_id=1" and json.loads(score["body"])["scoreGiven"] == 75
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_each_scope_is_asked_for_by_itself(ona, book, network):
    launch(ona)
    deliver()
    (token,) = network.to(TOKEN)
    assert parse_qs(token["body"].decode())["scope"] == [AGS_SCOPE + "lineitem"]


def test_later_launches_and_other_learners_use_the_same_column(ona, book, network, moodle, quiz):
    launch(ona)
    deliver()
    launch(ona)
    Launcher(moodle, Client(), quiz).launch(sub="2002", ags=without_column())
    deliver()

    assert len(book.calls("GET")) == len(book.calls("POST")) == 1
    assert set(GradeLine.objects.values_list("lineitem_url", flat=True)) == {f"{OURS}?type_id=1"}


def test_the_column_is_named_in_the_language_of_the_launch(moodle, book, course):
    browser = Launcher(moodle, Client(), course.quiz_activity)
    launch(browser, launch_presentation={"locale": "en_GB"})
    deliver()
    assert book.items[0]["label"] == course.others["en"].quiz.title


def test_a_course_has_a_column_for_its_completion_and_a_lesson_has_none(moodle, book, course):
    launch(Launcher(moodle, Client(), course.lesson_activity(0)))
    assert not GradeColumn.objects.exists()
    launch(Launcher(moodle, Client(), course.activity), resource_link={"id": "35"})
    deliver()
    with transaction.atomic():
        done = Completion.objects.create(
            enrolment=Enrolment.objects.get(),
            course_version=ActivityVersion.objects.filter(activity=course.activity).first(),
            evidence=[],
        )
        record("courses.enrolment_completed", completion_id=done.pk)
    deliver()
    assert [row["resourceId"] for row in book.items] == [str(course.activity.uuid)]
    assert json.loads(book.network.to(SCORES)[0]["body"])["scoreGiven"] == 100


def test_a_course_without_parts_can_never_be_completed_and_gets_no_column(moodle, book, quiz):
    launch(Launcher(moodle, Client(), quiz.course))
    assert not GradeColumn.objects.exists()


def test_a_teacher_makes_no_column(ona, book):
    launch(ona, roles=[MEMBERSHIP + "Instructor"])
    assert not GradeColumn.objects.exists() and deliver() is None


def test_where_the_launch_names_a_column_none_is_looked_for(ona, book):
    ona.launch()
    assert not GradeColumn.objects.exists() and deliver() is None


@pytest.mark.parametrize(
    ("listed", "used"),
    [
        ([item()], f"{OURS}?type_id=1"),
        ([item("https://moodle.example/a", "99"), item()], f"{OURS}?type_id=1"),
        ([item("https://moodle.example/a"), item(resourceId="activity")], f"{OURS}?type_id=1"),
        ([{"id": OURS, "resourceId": "activity", "tag": "kelrodis"}], OURS),
        ([{"id": OURS, "resourceId": "activity", "tag": "kelrodis", "resourceLinkId": 34}], OURS),
    ],
)
def test_a_column_that_is_there_is_used(ona, book, quiz, listed, used):
    book.items = [
        row | {"resourceId": str(quiz.uuid)} if row.get("resourceId") == "activity" else row for row in listed
    ]
    launch(ona)
    deliver()
    assert GradeLine.objects.get().lineitem_url == used and not book.calls("POST")


def test_A29_a_result_follows_its_column_and_no_column_gets_it_twice(ona, book, network):
    ona.launch()
    coupled = "https://moodle.example/lineitem/5/scores"
    network.answers[coupled] = OK
    graded("3")
    deliver()
    moved = {"scope": ALL, "lineitem": f"{OURS}?type_id=1"}
    for _time in range(2):
        ona.launch(ags=moved)
        deliver()
    ona.launch()
    deliver()
    ona.launch(ags=moved)
    deliver()
    for column in (coupled, SCORES):
        assert [json.loads(call["body"])["scoreGiven"] for call in network.to(column)] == [75]
    stamps = [json.loads(call["body"])["timestamp"] for call in network.to(coupled) + network.to(SCORES)]
    assert len(set(stamps)) == len(stamps)


def test_a_launch_that_names_no_column_costs_no_query_more(ona, book):
    launch(ona)
    deliver()
    ona.launch(resource_link={"id": "names-one"})
    counts = []
    for come in (lambda: launch(ona), lambda: ona.launch(resource_link={"id": "names-one"})):
        with CaptureQueriesContext(connection) as queries:
            come()
        counts.append(len([query for query in queries if "SAVEPOINT" not in query["sql"]]))
    assert counts[0] == counts[1]


def test_two_platforms_with_the_same_ids_have_lines_columns_and_grades_of_their_own(ona, book, network, quiz):
    """The same subject, context and link there and here: nothing of the one reaches the other."""
    other = Platform("https://kita.example", network, client_id="kelrodis-2", key="other-key")
    elsewhere = "https://kita.example/lineitem/77"
    network.answers |= {
        "https://kita.example/lineitems": lambda *, method, **_call: (
            answer(body=[]) if method == "GET" else answer(201, {"id": elsewhere})
        ),
        elsewhere + "/scores": OK,
    }
    launch(ona)
    benas = Launcher(other, Client(), quiz)
    benas.launch(ags=without_column(container="https://kita.example/lineitems"))
    deliver()
    assert sorted(GradeLine.objects.values_list("lineitem_url", flat=True)) == [
        elsewhere,
        f"{OURS}?type_id=1",
    ]
    here, there = (
        GradeLine.objects.get(lti_user__registration=platform.registration).user
        for platform in (ona.platform, other)
    )
    assert here != there
    graded("1", user=here)
    graded("4", user=there)
    deliver()
    assert [json.loads(call["body"])["scoreGiven"] for call in network.to(SCORES)] == [25]
    assert [json.loads(call["body"])["scoreGiven"] for call in network.to(elsewhere + "/scores")] == [100]
