"""Where each grade is on its way, in words, and sending again what did not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from lti_tool.models import LtiMembership
from wagtail.models import ModelLogEntry

from lti.reports.classes import Passback
from lti.views import classwords
from portal.outbox.models import Delivery
from tests.lti.classes import CLASS, come, delivery, line, page_text, rows
from tests.lti.grading import OK, SCORES, deliver
from tests.lti.rosters import ONA, teaching


@pytest.fixture
def rasa(moodle, course, network):
    """Rasa's browser: she teaches Ona alone."""
    return teaching(network, moodle, course.quiz_activity, ONA)


@pytest.fixture
def ona(rasa, course):
    return come(course, "2001")


@pytest.fixture
def column(ona, course):
    """Ona's line to the quiz's column."""
    return line(ona, course.quiz_activity)


def row(rasa):
    (found,) = rows(rasa.client.get(CLASS))
    return found


@pytest.mark.parametrize(
    ("state", "status", "said", "button"),
    [
        ("pending", "", "75 / 100 · waiting to be sent", False),
        (
            "pending",
            "no answer",
            "not arrived yet The learning platform does not answer. It is tried again",
            True,
        ),
        ("sent", "delivered", "75 / 100 · sent ", False),
        ("sent", "already there", "75 / 100 · sent ", False),
        ("superseded", "superseded", "the grade book's own grade stays", False),
        ("dead", "http 400", "not arrived The learning platform does not take a grade for this person", True),
        ("dead", "http 403", "does not allow us to send grades", True),
        ("dead", "http 404", "The column is no longer in the grade book.", True),
        ("dead", "http 502", "The learning platform does not answer.", True),
        ("dead", "http 418", "The learning platform did not take it.", True),
        ("dead", "worker lost", "Something went wrong on our side.", True),
        ("dead", "of a later release", "The learning platform did not take it.", True),
        ("abandoned", "http 400", "not sent The portal's administrator has let it go.", False),
    ],
)
def test_each_state_of_a_grade_is_said_in_words(rasa, column, state, status, said, button):
    delivery(column, state, status)
    assert said in row(rasa) and ("Send again" in row(rasa)) == button


def test_a_link_without_a_column_and_one_without_a_result(rasa, ona, course, column):
    assert "no result yet" in row(rasa)
    column.lineitem_url = ""
    column.save()
    delivery(column, "dead", "nowhere to send")
    assert "no column in the grade book" in row(rasa) and "Send again" not in row(rasa)


def test_only_the_newest_result_of_a_line_counts(rasa, column):
    delivery(column, "dead", "http 400", points=20.0)
    delivery(column, "sent", points=80.0)
    assert "80 / 100 · sent" in row(rasa) and "not arrived" not in row(rasa)


def test_several_links_are_told_apart_by_their_activities(rasa, ona, course, column):
    delivery(column)
    delivery(line(ona, course.activity, link="35"), "dead", "http 404")
    assert course.others["en"].quiz.title in row(rasa) and course.others["en"].page.title in row(rasa)


def test_a_grade_given_up_is_sent_again_by_the_outboxs_own_retry_and_logged(rasa, ona, column, network):
    failed = delivery(column, "dead", "http 400")
    network.answers[SCORES] = OK

    response = rasa.client.post(f"{CLASS}send/{ona.auth_user.uuid}/?show=not_arrived", follow=True)

    assert response.redirect_chain[0][0] == "/en/class/?show=not_arrived"
    assert "1 grade is being sent again." in page_text(response) and not network.to(SCORES)
    assert "waiting to be sent" in row(rasa) and "Send again" not in row(rasa)
    assert deliver().state == "sent" and len(network.to(SCORES)) == 1
    entry = ModelLogEntry.objects.for_instance(failed).get()
    assert (entry.action, entry.user.lti_users.get().sub) == ("outbox.retried", "3001")
    assert "· sent " in row(rasa)


def test_all_that_failed_are_sent_again_and_nothing_else(rasa, ona, column, course):
    jonas = come(course, "2002", "Jonas", "Žukauskas")
    both = [
        delivery(column, "dead", "http 400"),
        delivery(line(jonas, course.quiz_activity), "pending", "no answer"),
    ]
    Delivery.objects.filter(pk=both[1].pk).update(next_at=now() + timedelta(hours=20))
    others = [
        delivery(line(come(course, f"6{n}"), course.quiz_activity), state, status)
        for n, (state, status) in enumerate(
            [("sent", "delivered"), ("superseded", "superseded"), ("abandoned", "http 400")]
        )
    ]
    whole = page_text(rasa.client.get(CLASS))
    assert "The grades of 2 participants have not arrived." in whole
    said = page_text(rasa.client.post(f"{CLASS}send/", follow=True))
    assert "2 grades are being sent again." in said
    for one in both:
        one.refresh_from_db()
        assert (one.state, one.attempts) == ("pending", 0) and one.next_at <= now()
    assert [Delivery.objects.get(pk=one.pk).state for one in others] == ["sent", "superseded", "abandoned"]
    assert "nothing to send again" in page_text(rasa.client.post(f"{CLASS}send/", follow=True))


def test_what_is_being_delivered_right_now_is_left_alone(rasa, column):
    one = delivery(column, "pending", "no answer", lease_until=now() + timedelta(minutes=1), lease_owner="w")
    assert "nothing to send again" in page_text(rasa.client.post(f"{CLASS}send/", follow=True))
    assert Delivery.objects.get(pk=one.pk).lease_owner == "w"


def test_for_somebody_who_left_nothing_is_sent_again(rasa, ona, column):
    one = delivery(column, "dead", "not listed")
    LtiMembership.objects.filter(user=ona).update(is_active=False)
    assert "list no longer names this person" in row(rasa) and "Send again" not in row(rasa)
    rasa.client.post(f"{CLASS}send/{ona.auth_user.uuid}/")
    assert Delivery.objects.get(pk=one.pk).state == "dead"


def test_Q16_the_buttons_need_their_csrf_token_and_a_post(rasa, ona, column):
    one = delivery(column, "dead", "http 400")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sessionid"] = rasa.client.cookies["sessionid"].value
    for address in ("read/", "send/", f"send/{ona.auth_user.uuid}/"):
        assert strict.post(CLASS + address).status_code == 403
        assert rasa.client.get(CLASS + address).status_code == 405
    assert Delivery.objects.get(pk=one.pk).state == "dead"


@pytest.mark.parametrize("status", list(classwords.REASONS))
def test_every_reason_is_a_sentence(status):
    assert classwords.grade_words(Passback("Testas", "refused", status)).reason.endswith(".")
