"""Submission review: the grade book leads the teacher, and nobody else, to what a learner of the class did."""

from __future__ import annotations

import pytest
from django.test import Client
from lti_tool.models import LtiContext, LtiMembership, LtiUser

from courses.models import ActivityVersion, Attempt, Completion, Enrolment
from lti.models import GradeLine, Selection
from tests.factories.courses import make_course
from tests.factories.library import make_library
from tests.factories.lti import AGS, MEMBERSHIP, Launcher, Platform
from tests.lti.classes import come, delivery, done, line, page_text, rows, scored
from tests.lti.reviewing import HALF, NOTHING, RIGHT, reviewer, took
from tests.lti.rosters import LISTED_RASA, MEMBERS, OFFERED, RASA, member, page, read
from tests.queries import counted


@pytest.fixture
def rasa(moodle, course):
    """Rasa's browser: she teaches, and looks at her grade book in Moodle; the class exists from an earlier launch."""
    Launcher(moodle, Client(), course.quiz_activity).launch(**RASA)
    return reviewer(moodle, course.quiz_activity)


@pytest.fixture
def ona(rasa, course):
    """Ona, who has come from the class."""
    return come(course, "2001")


def opened(rasa, response):
    """Return the page the launch leads to."""
    assert response.status_code == 302, response.content.decode()
    found = rasa.client.get(response["Location"])
    assert found.status_code == 200
    return found


def seen(rasa, *args, **changes):
    return page_text(opened(rasa, rasa.review(*args, **changes)))


# What the teacher sees ---------------------------------------------------------------------------


def test_the_attempt_the_grade_is_of_is_opened_with_its_answers_and_what_was_right(rasa, ona, course):
    took(ona, course.quiz_activity, RIGHT)
    second = took(ona, course.quiz_activity, HALF)
    delivery(line(ona, course.quiz_activity), points=100.0)

    response = rasa.review()
    assert response["Location"] == f"/en/class/{ona.auth_user.uuid}/{course.quiz_activity.uuid}/"
    text = page_text(opened(rasa, response))

    assert "Ona Kazlauskaitė" in text and "Kitoks Vardas" not in text
    assert "Grade: 100% · passed · the best attempt counts" in text
    assert "In the grade book: 100 / 100 · sent" in text
    assert "Attempt 1: 4 of 4 · 100%" in text and "handed in" in text
    assert "minutes left" not in text  # how far Rasa herself is
    assert "Teisingas (the learner's choice)" in text and "Nes taip yra." in text
    other = page_text(rasa.client.get(f"{response['Location']}?attempt={second.number}"))
    assert "Attempt 2: 0.5 of 4" in other
    assert "Incorrect: Klaidingas (the learner's choice)" in other and "Correct: Teisingas" in other
    assert "The learner's answer: 12 · Correct: 4,711.5 km" in other
    assert "Partly correct · 50% · 0.5 / 1" in other and "Not answered · 0% · 0 / 1" in other


def test_the_last_attempt_is_opened_where_the_last_counts(moodle, network):
    course = make_course("paskutinis", grade_method="last", attempts_allowed=20)
    Launcher(moodle, Client(), course.quiz_activity).launch(**RASA)
    rasa, ona = reviewer(moodle, course.quiz_activity), come(course, "2001")
    took(ona, course.quiz_activity, RIGHT)
    took(ona, course.quiz_activity, HALF)
    text = seen(rasa)
    assert "Attempt 2: 0.5 of 4" in text and "the last attempt counts" in text and "not passed yet" in text


def test_of_equal_attempts_the_first_is_the_graded_one_and_an_average_marks_none(rasa, ona, course):
    first = took(ona, course.quiz_activity, HALF)
    took(ona, course.quiz_activity, HALF)
    text = seen(rasa)
    assert (
        f"Attempt {first.number}: 0.5 of 4" in text and text.count("counts") == 2
    )  # in the list, and by which rule


def test_a_running_attempt_is_named_and_its_answers_are_not_shown(rasa, ona, course):
    took(ona, course.quiz_activity, RIGHT, ended=False)
    text = seen(rasa)
    assert "in progress" in text and "once the attempt has been handed in" in text
    assert "Teisingas" not in text and "Ąžuolas" not in text and "Grade:" not in text
    assert "in progress" in page_text(rasa.client.get(rasa.review()["Location"] + "?attempt=1"))


def test_an_attempt_that_the_clock_ended_says_so(rasa, ona, course):
    attempt = took(ona, course.quiz_activity, HALF)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=attempt.finished_at)
    assert "ended by the clock" in seen(rasa)


def test_previews_are_nobodys_attempts(rasa, ona, course):
    scored(ona, course.quiz_activity, "4", preview=True)
    assert rasa.review()["Location"] == NOTHING


def test_for_a_course_the_parts_are_shown_and_lead_to_the_attempts(rasa, ona, course):
    done(ona, course.lesson_activity(0))
    took(ona, course.quiz_activity, HALF)
    rasa.activity = course.activity
    response = rasa.review()
    assert response["Location"] == f"/en/class/{ona.auth_user.uuid}/"
    found = opened(rasa, response)
    text = page_text(found)
    assert "1 of 3 done" in text and "12% · 1 attempt · not passed yet" in text and "Modulis" in text
    assert f'href="/en/class/{ona.auth_user.uuid}/{course.quiz_activity.uuid}/"' in found.content.decode()
    Completion.objects.create(
        enrolment=ona.auth_user.enrolments.get(),
        course_version=ActivityVersion.objects.filter(activity=course.activity).latest("pk"),
        evidence=[],
    )
    assert "completed the course" in seen(rasa)


def test_a_lesson_has_no_attempts_so_the_course_is_shown(rasa, ona, course):
    rasa.activity = course.lesson_activity(0)
    assert rasa.review()["Location"] == f"/en/class/{ona.auth_user.uuid}/"


def test_the_page_is_in_the_launchs_language_and_says_when_the_attempt_was_in_another(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    assert "its questions stay in Lithuanian" in seen(rasa)
    lithuanian = seen(rasa, launch_presentation={"locale": "lt"})
    assert "Besimokančiojo atsakymas: 12" in lithuanian and "lieka lietuviški" not in lithuanian


def test_the_class_view_leads_to_the_same_pages(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    rasa.launch(**RASA)
    markup = rasa.client.get("/en/class/").content.decode()
    for address in (
        f"/en/class/{ona.auth_user.uuid}/",
        f"/en/class/{ona.auth_user.uuid}/{course.quiz_activity.uuid}/",
    ):
        assert f'href="{address}"' in markup
        assert rasa.client.get(address).status_code == 200


def test_somebody_without_a_name_is_told_by_the_platforms_identifier(rasa, course):
    took(come(course, "2077", "", ""), course.quiz_activity, HALF)
    assert "Participant without a name 2077" in seen(rasa, "2077")


def test_whoever_has_left_the_class_is_shown_so(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    LtiMembership.objects.filter(user=ona).update(is_active=False)
    assert "no longer on the list" in seen(rasa)


@pytest.mark.parametrize(
    "query", ["?attempt=99", "?attempt=x", "?attempt=-1", "?attempt=٣", "?attempt=" + "9" * 400]
)
def test_F01_an_odd_number_shows_the_graded_attempt(rasa, ona, course, query):
    took(ona, course.quiz_activity, HALF)
    address = rasa.review()["Location"]
    assert "Attempt 1: 0.5 of 4" in page_text(rasa.client.get(address + query))


# Where it leads ----------------------------------------------------------------------------------


def test_a_review_neither_enrols_the_teacher_nor_touches_lines_or_choices(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    Enrolment.objects.filter(user__lti_users__sub="3001").delete()
    lines, choices = GradeLine.objects.count(), Selection.objects.count()
    opened(rasa, rasa.review())
    assert not Enrolment.objects.filter(user__lti_users__sub="3001").exists()
    assert (GradeLine.objects.count(), Selection.objects.count()) == (lines, choices)


def test_the_column_alone_tells_what_it_is_about(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    line(ona, course.quiz_activity, column="https://moodle.example/lineitem/5?type_id=1")
    begun = rasa.begin()
    claims = rasa.platform.claims(begun.nonce, None, **RASA, message_type="LtiSubmissionReviewRequest",
                                  for_user={"user_id": "2001"}, launch_presentation={"locale": "en"})  # fmt: skip
    del claims["https://purl.imsglobal.org/spec/lti/claim/resource_link"]
    response = rasa.post(rasa.platform.sign(claims), begun.state)
    assert response["Location"].endswith(f"/{course.quiz_activity.uuid}/")


def test_a_column_we_know_nothing_of_leads_nowhere(rasa, refused, course):
    begun = rasa.begin()
    claims = rasa.platform.claims(begun.nonce, None, **RASA, message_type="LtiSubmissionReviewRequest",
                                  for_user={"user_id": "2001"}, **{AGS: {}})  # fmt: skip
    refused.start()
    refused(rasa.post(rasa.platform.sign(claims), begun.state), "activity_not_a_uuid", status=404)


def test_address_and_custom_parameter_must_agree(rasa, refused, course):
    refused.start()
    response = rasa.review(custom={"activity": str(course.activity.uuid)})
    refused(response, "activity_not_of_the_address")


def test_it_works_in_the_frame_with_a_shrunk_header(rasa, ona, course):
    took(ona, course.quiz_activity, HALF)
    rasa.dest = "iframe"
    rasa.client.cookies["kelrodis_frame"] = "1"
    response = opened(rasa, rasa.review())
    markup = response.content.decode()
    assert 'class="crumb"' in markup and "framed" in markup and "<script" not in markup
    assert "frame-ancestors https://moodle.example" in response["Content-Security-Policy"]


# Nothing to see ----------------------------------------------------------------------------------


def test_unknown_other_classes_and_whoever_has_done_nothing_are_told_the_very_same(
    rasa, ona, course, moodle, network
):
    elsewhere = Launcher(moodle, Client(), course.quiz_activity)
    elsewhere.launch(sub="2002", context={"id": "13", "title": "Kitas"})
    took(LtiUser.objects.get(sub="2002"), course.quiz_activity, HALF)
    kolegija = Platform("https://kolegija.example", network)
    Launcher(kolegija, Client(), course.quiz_activity).launch(sub="2003")
    took(LtiUser.objects.get(sub="2003"), course.quiz_activity, HALF)

    answers = set()
    for person in ("2001", "2002", "2003", "2999", "ąžuolas", "x" * 255):
        response = rasa.review(person)
        answers.add((response["Location"], page_text(opened(rasa, response))))
    assert len(answers) == 1
    (address, text) = answers.pop()
    assert address == NOTHING and "Nothing here of this person" in text


def test_a_colleague_is_no_learner(rasa, course):
    other = come(course, "3002", "Tomas", "Kalnas")
    took(other, course.quiz_activity, HALF)
    LtiMembership.objects.filter(user=other).update(is_instructor=True)
    assert rasa.review("3002")["Location"] == NOTHING
    assert rasa.client.get(f"/en/class/{other.auth_user.uuid}/").status_code == 404


def test_a_known_learner_without_attempts_has_the_same_page_by_address(rasa, ona, course):
    rasa.review()
    empty = page_text(rasa.client.get(NOTHING))
    address = f"/en/class/{ona.auth_user.uuid}/{course.quiz_activity.uuid}/"
    assert page_text(rasa.client.get(address)) == empty


# Who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", [[], [MEMBERSHIP + "Learner"], [MEMBERSHIP + "Mentor"], ["Instructor"],
                                   ["http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator"]])  # fmt: skip
def test_nobody_but_a_teacher_of_the_class_sees_the_work_of_others(rasa, ona, course, refused, roles):
    took(ona, course.quiz_activity, HALF)
    pages = set()
    for person in ("2001", "2999"):
        refused.start()
        response = rasa.review(person, sub="2050", roles=roles)
        refused(response, "review_by_no_teacher", status=403)
        pages.add(response.content.decode().partition("Support code")[0])
    assert len(pages) == 1 and "seen by those who teach them" in pages.pop()


@pytest.mark.parametrize("role", ["Instructor", "Administrator", "Instructor#TeachingAssistant"])
def test_who_teaches_without_editing_sees_it_whatever_the_list_calls_them(rasa, ona, course, network, role):
    took(ona, course.quiz_activity, HALF)
    network.answers[MEMBERS] = page(LISTED_RASA | {"roles": ["Learner"]}, member())
    full = MEMBERSHIP.replace("membership#", "membership/") + role if "#" in role else MEMBERSHIP + role
    response = rasa.review(roles=[full], **OFFERED)
    read()
    assert "Attempt 1" in page_text(opened(rasa, response))


def test_a_learner_is_led_to_their_own_activity(rasa, ona, course):
    response = rasa.review("2001", sub="2001", roles=[MEMBERSHIP + "Learner"])
    assert response["Location"] == course.others["en"].quiz.url
    assert rasa.client.get(f"/en/class/{ona.auth_user.uuid}/").status_code == 404


@pytest.mark.parametrize(
    "claim",
    [None, {}, [], "2001", 5, {"user_id": None}, {"user_id": 2001}, {"user_id": ""}, {"user_id": ["2001"]},
     {"user_id": "x" * 256}, {"user_id": "20\x0001"}, {"user_id": {"id": "2001"}}, {"name": "Ona"}],
)  # fmt: skip
def test_a_message_that_names_nobody_is_refused(rasa, ona, refused, claim):
    refused.start()
    refused(rasa.review(for_user=claim), "for_user_missing")


@pytest.mark.parametrize("link", ["x", {}, {"id": ""}, {"id": 5}])
def test_a_link_is_none_or_a_sound_one(rasa, refused, link):
    refused.start()
    refused(rasa.review(resource_link=link), "resource_link_missing")


def test_rights_of_the_launch_end_with_the_class(rasa, ona, course, moodle):
    took(ona, course.quiz_activity, HALF)
    address = opened(rasa, rasa.review()).request["PATH_INFO"]
    other = make_course("kitas")
    for uuid in (
        other.quiz_activity.uuid,
        other.activity.uuid,
        course.activity.uuid,
        course.lesson_activity(0).uuid,
    ):
        assert rasa.client.get(f"/en/class/{ona.auth_user.uuid}/{uuid}/").status_code == 404
    rasa.launch(**RASA, context={"id": "13", "title": "Kitas"})
    assert rasa.client.get(address).status_code == 404
    assert rasa.client.get(f"/en/class/{ona.auth_user.uuid}/").status_code == 404
    attempt = ona.auth_user.enrolments.get().attempts.get()
    assert rasa.client.get(f"/en/attempts/{attempt.uuid}/result/").status_code == 404


def test_L60_whoever_teaches_no_more_sees_nothing_at_once(rasa, ona, course, moodle):
    took(ona, course.quiz_activity, HALF)
    address = rasa.review()["Location"]
    Launcher(moodle, Client(), course.quiz_activity).launch(**RASA | {"roles": [MEMBERSHIP + "Learner"]})
    assert rasa.client.get(address).status_code == 404
    assert rasa.client.get(NOTHING).status_code == 404


def test_L50_another_platforms_teacher_with_the_same_names_sees_nothing(rasa, ona, course, network):
    took(ona, course.quiz_activity, HALF)
    kolegija = reviewer(Platform("https://kolegija.example", network), course.quiz_activity)
    assert kolegija.review()["Location"] == NOTHING
    assert (
        kolegija.client.get(f"/en/class/{ona.auth_user.uuid}/{course.quiz_activity.uuid}/").status_code == 404
    )
    assert LtiContext.objects.filter(id_on_platform="12").count() == 2


# How many queries --------------------------------------------------------------------------------


def test_P14_ten_attempts_and_more_items_cost_what_one_does(moodle, network):
    course = make_course("ilgas", attempts_allowed=20)
    Launcher(moodle, Client(), course.quiz_activity).launch(**RASA)
    rasa, ona = reviewer(moodle, course.quiz_activity), come(course, "2001")
    took(ona, course.quiz_activity, {})
    delivery(line(ona, course.quiz_activity), "dead", "http 400")
    address = rasa.review()["Location"]
    whole = address.replace(f"{course.quiz_activity.uuid}/", "")

    def asked():
        costs = []
        for one in (address, whole):
            rasa.client.get(one)
            with counted() as queries:
                assert rasa.client.get(one).status_code == 200
            costs.append(len(queries))
        return costs

    few = asked()
    for number in range(9):
        took(ona, course.quiz_activity, HALF)
        delivery(line(ona, course.quiz_activity, link=str(number)), "dead", "http 400")
    assert asked() == few and max(few) <= 22


def test_a_row_of_the_class_without_progress_leads_nowhere(rasa, course):
    come(course, "2002", "Jonas", "Žukauskas", begun=False)
    rasa.launch(**RASA)
    response = rasa.client.get("/en/class/")
    assert len(rows(response)) == 1
    assert "/en/class/" + str(LtiUser.objects.get(sub="2002").auth_user.uuid) not in response.content.decode()


def test_where_nothing_is_graded_the_teacher_is_told_so(moodle):
    database = make_library().database
    asked = {"message_type": "LtiSubmissionReviewRequest", "for_user": {"user_id": "2001"}}

    answer = Launcher(moodle, Client()).launch(
        **RASA, **asked, custom={"activity": str(database.translation_key)}
    )

    assert answer.status_code == 404 and "Čia nėra ką peržiūrėti" in answer.content.decode()
