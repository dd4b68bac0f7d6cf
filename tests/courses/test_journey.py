"""The student's way through a course, by its addresses."""

from __future__ import annotations

import pytest
from django.urls import reverse

from courses.models import Attempt, Completion
from tests.factories.courses import CHECK, MULTIPLE, NUMERIC, SHORT, SINGLE

RIGHT = {
    f"r-{SINGLE}": ["s-right"],
    f"r-{MULTIPLE}": ["m-a", "m-b"],
    f"r-{NUMERIC}": ["4711,4"],
    f"r-{SHORT}": ["Azuolas"],
}
pytestmark = pytest.mark.django_db


def answer_everything(client, attempt, answers=RIGHT):
    for item, response in answers.items():
        name = item.removeprefix("r-")
        url = reverse("courses:attempt", args=[attempt.uuid])
        client.post(url, {"items": [name], item: response, "to": "review"})
    return client.post(reverse("courses:finish", args=[attempt.uuid]), follow=True)


def test_student_goes_from_catalogue_to_completion_without_javascript(as_austeja, austeja, course):
    page = as_austeja.get(course.catalogue.url)
    assert course.page.url in page.text
    response = as_austeja.post(reverse("courses:enrol", args=[course.activity.uuid]))
    assert response.url == course.lessons[0].url

    first = as_austeja.get(response.url)
    assert "Pamoka 1 tekstas" in first.text
    response = as_austeja.post(reverse("courses:finish_lesson", args=[course.lesson_activity(0).uuid]))
    assert response.url == course.lessons[1].url

    check = reverse("courses:answer_check", args=[course.lesson_activity(1).uuid, CHECK])
    answered = as_austeja.post(check, {"o": "c-yes"}, follow=True)
    assert "Tiesa." in answered.text
    response = as_austeja.post(reverse("courses:finish_lesson", args=[course.lesson_activity(1).uuid]))
    assert response.url == course.quiz.url

    as_austeja.post(reverse("courses:start", args=[course.quiz_activity.uuid]))
    attempt = Attempt.objects.get()
    result = answer_everything(as_austeja, attempt)
    assert "4 iš 4" in result.text
    assert "Nes taip yra." in result.text
    assert Completion.objects.get().enrolment.user == austeja


def test_lesson_of_one_language_shows_that_language_and_links_to_the_other(client, course):
    lithuanian = client.get(course.lessons[0].url)
    assert "Pamoka 1 tekstas" in lithuanian.text
    assert 'lang="lt"' in lithuanian.text
    english = client.get(
        reverse("same_page", args=[course.lessons[0].translation_key]).replace("/lt/", "/en/"), follow=True
    )
    assert "Lesson 1 tekstas" in english.text


def test_visitor_reads_a_lesson_and_answers_its_check_without_account(client, course):
    page = client.get(course.lessons[1].url)
    assert "Tiesa." not in page.text
    answered = client.get(course.lessons[1].url, {"check": CHECK, "o": "c-no"})
    assert "Tiesa." in answered.text
    assert not client.session.keys()
