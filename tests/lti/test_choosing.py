"""Deep linking: what the platform asks, who may choose, and what it is answered."""

from __future__ import annotations

import json
import time

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import PageViewRestriction

from lti.models import Selection
from tests.factories.lti import MEMBERSHIP, Platform
from tests.lti.choosing import DL, LTI, chooser, items, settings_of, told


@pytest.fixture
def rasa(moodle, course):
    """A teacher, asked by Moodle what to put into her course."""
    return chooser(moodle)


def test_what_was_taken_goes_into_the_course_with_its_grade_column(rasa, course):
    address = rasa.picker()

    response = rasa.put(
        address,
        course.quiz_activity.uuid,
        course.lesson_activity(0).uuid,
        **{f"graded-{course.quiz_activity.uuid}": "1", f"points-{course.quiz_activity.uuid}": "40"},
    )

    quiz, lesson = items(response)
    assert quiz == {
        "type": "ltiResourceLink",
        "title": course.quiz.title,
        "url": f"http://localhost:8000/lti/launch/?activity={course.quiz_activity.uuid}",
        "custom": {"activity": str(course.quiz_activity.uuid)},
        "lineItem": {
            "scoreMaximum": 40,
            "label": course.quiz.title,
            "resourceId": str(course.quiz_activity.uuid),
            "submissionReview": {
                "reviewableStatus": ["InProgress", "Submitted", "Completed"],
                "label": "Peržiūrėti, ką besimokantysis atliko",
                "url": f"http://localhost:8000/lti/launch/?activity={course.quiz_activity.uuid}",
                "custom": {"activity": str(course.quiz_activity.uuid)},
            },
        },
    }
    assert lesson["title"] == course.lessons[0].title
    assert "lineItem" not in lesson
    assert response.headers["Content-Security-Policy"].count("form-action 'self' https://moodle.example")


def test_D09_the_answer_is_for_this_platform_alone_and_for_a_few_minutes(rasa, course):
    before = time.time()
    claims = told(rasa.put(rasa.picker(), course.activity.uuid))

    assert claims["iss"] == "kelrodis-1"
    assert claims["aud"] == ["https://moodle.example"]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "deployment_id"] == "7"
    assert claims["iat"] <= before - 9  # Moodle takes no clock that is ahead
    assert before < claims["exp"] <= before + 330
    other = told(rasa.put(rasa.picker(), course.activity.uuid))
    assert claims["nonce"] and claims["nonce"] != other["nonce"]


@pytest.mark.parametrize("roles", [[], [MEMBERSHIP + "Learner"], [MEMBERSHIP + "Mentor"]])
def test_D01_only_those_who_teach_choose(rasa, refused, roles):
    refused.start()
    refused(rasa.ask(roles=roles), "choice_by_no_teacher", status=403)
    assert not Selection.objects.exists()


@pytest.mark.parametrize("claim", [None, [], "x"])
def test_D02_without_settings_there_is_nothing_to_answer(rasa, refused, claim):
    refused.start()
    refused(rasa.ask(**{DL + "deep_linking_settings": claim}), "deep_linking_settings_missing")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (None, "deep_link_return_url_missing"),
        ("javascript:alert(1)", "deep_link_return_url_missing"),
        (7, "deep_link_return_url_missing"),
        ("https://moodle.example.evil/return", "deep_link_return_url_of_another_site"),
        ("https://moodle.example:444/return", "deep_link_return_url_of_another_site"),
        ("http://moodle.example/return", "deep_link_return_url_of_another_site"),
    ],
)
def test_D03_the_answer_goes_to_the_platform_or_nowhere(rasa, refused, url, reason):
    refused.start()
    refused(rasa.ask(settings={"deep_link_return_url": url}), reason)


@pytest.mark.parametrize("data", ["", "a=b&č\u2028\x00 ", '{"x": "<script>"}', "🦉" * 300])
def test_D04_the_platforms_data_comes_back_as_it_was(rasa, course, data):
    assert told(rasa.put(rasa.picker(settings={"data": data}), course.activity.uuid))[DL + "data"] == data


def test_D04_no_data_is_none(rasa, course):
    assert DL + "data" not in told(rasa.put(rasa.picker(), course.activity.uuid))


@pytest.mark.parametrize("data", [5, ["x"], "x" * 20_000])
def test_D04_data_that_is_no_text_or_too_long_is_refused(rasa, refused, data):
    refused.start()
    refused(rasa.ask(settings={"data": data}), "deep_linking_data_not_usable")


@pytest.mark.parametrize("types", [None, [], ["link", "html"], "ltiResourceLink"])
def test_D05_a_platform_that_takes_no_activities_is_told_so(rasa, refused, types):
    refused.start()
    refused(rasa.ask(settings={"accept_types": types}), "resource_links_not_accepted")


@pytest.mark.parametrize("several", [False, None, "false", 0, "yes"])
def test_D06_where_one_is_taken_two_are_not(rasa, course, several):
    address = rasa.picker(settings={"accept_multiple": several})

    response = rasa.put(address, course.activity.uuid, course.quiz_activity.uuid)

    assert response.status_code == 400
    assert "Čia telpa tik vienas dalykas" in response.content.decode()
    assert len(items(rasa.put(address, course.quiz_activity.uuid))) == 1


def test_D07_a_draft_is_neither_offered_nor_taken(rasa, course):
    course.quiz.unpublish()
    course.others["en"].quiz.unpublish()
    address = rasa.picker()

    assert course.quiz.title not in rasa.client.get(address, {"kind": "quiz"}).content.decode()
    response = rasa.put(address, course.quiz_activity.uuid)

    assert response.status_code == 400
    assert Selection.objects.get().used_at is None


def test_D08_what_is_not_for_this_teacher_is_neither_offered_nor_taken(rasa, course):
    group = Group.objects.create(name="Vilniaus biblioteka")
    for page in (course.page, course.others["en"].page):
        restriction = PageViewRestriction.objects.create(page=page, restriction_type="groups")
        restriction.groups.add(group)
    address = rasa.picker()

    assert course.page.title not in rasa.client.get(address).content.decode()
    assert rasa.put(address, course.activity.uuid).status_code == 400
    assert rasa.put(address, course.lesson_activity(0).uuid).status_code == 400


def test_D10_a_title_with_marks_and_four_bytes_arrives_as_it_is(rasa, course):
    course.page.title = "<b>Šaltiniai</b> & „🦉“ " + "ž" * 300
    course.page.title = course.page.title[:255]
    course.page.save_revision().publish()
    address = rasa.picker()

    assert "&lt;b&gt;Šaltiniai" in rasa.client.get(address).content.decode()
    assert items(rasa.put(address, course.activity.uuid))[0]["title"] == course.page.title


def test_D11_sent_twice_it_is_answered_once(rasa, course):
    address = rasa.picker()
    told(rasa.put(address, course.activity.uuid))

    again = rasa.put(address, course.activity.uuid)

    assert again.status_code == 400
    assert "JWT" not in again.content.decode()
    assert rasa.client.get(address).status_code == 400


@pytest.mark.parametrize("points", ["0", "101", "12.5", "-1", "", "²", "٣", "9" * 50])
def test_points_are_whole_and_between_1_and_100(rasa, course, points):
    quiz = course.quiz_activity.uuid
    address = rasa.picker()

    response = rasa.put(address, quiz, **{f"graded-{quiz}": "1", f"points-{quiz}": points})

    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.content.decode()
    assert Selection.objects.get().used_at is None


def test_a_platform_that_takes_no_columns_gets_none(rasa, course):
    quiz = course.quiz_activity.uuid
    address = rasa.picker(settings={"accept_lineitem": False})

    assert "graded-" not in rasa.client.get(f"{address}check/", {"chosen": str(quiz)}).content.decode()
    assert (
        "lineItem" not in items(rasa.put(address, quiz, **{f"graded-{quiz}": "1", f"points-{quiz}": "5"}))[0]
    )


def test_nothing_taken_is_an_answer_too(rasa):
    address = rasa.picker(settings={"data": "x"})

    answer = told(rasa.client.post(f"{address}nothing/"))

    assert answer[DL + "content_items"] == []
    assert answer[DL + "data"] == "x"


def test_another_teachers_choice_is_not_found(rasa, moodle, course):
    address = rasa.picker()
    tom = chooser(moodle)
    tom.ask(sub="77")

    for path in (address, f"{address}check/"):
        assert tom.client.get(path).status_code == 404
        assert Client().get(path).status_code == 404
    assert tom.put(address, course.activity.uuid).status_code == 404
    assert tom.client.post(f"{address}nothing/").status_code == 404


def test_who_became_a_learner_chooses_no_more(rasa, course):
    address = rasa.picker()
    rasa.activity = course.activity
    rasa.launch()

    assert rasa.client.get(address).status_code == 404


def test_a_choice_of_one_platform_is_not_made_in_a_session_of_another(rasa, network, course):
    address = rasa.picker()
    other = chooser(Platform("https://kitas.example", network, client_id="kelrodis-2"))
    other.client = rasa.client
    other.ask()

    assert rasa.put(address, course.activity.uuid).status_code == 404


def test_settings_may_say_true_as_text(rasa, course):
    address = rasa.picker(settings={"accept_multiple": "true"})

    assert len(items(rasa.put(address, course.activity.uuid, course.quiz_activity.uuid))) == 2


def test_answer_is_signed_json_of_moderate_size_for_fifty_things(rasa, course):
    uuids = [
        course.activity.uuid,
        course.quiz_activity.uuid,
        *(course.lesson_activity(n).uuid for n in range(2)),
    ]

    found = items(rasa.put(rasa.picker(), *uuids, *uuids))

    assert [item["custom"]["activity"] for item in found] == [str(uuid) for uuid in uuids]
    assert len(json.dumps(found)) < 10_000
    assert settings_of(rasa.platform)["accept_multiple"] is True
