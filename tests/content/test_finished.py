"""Unfinished drafts may be saved; they never go live, whichever way they are published."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from courses.models import LessonPage, QuizPage
from portal.directory.flows.roles import grant
from portal.directory.models import Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_egle(client):
    """A browser in which Eglė, the editor, is signed in."""
    user = UserFactory(first_name="Eglė", last_name="Drąsutytė")
    grant(user=user, role=Role.EDITOR, by=None)
    client.force_login(user, backend="portal.directory.backends.EmailBackend")
    return client


@pytest.fixture
def drafts(course):
    """A quiz without items, and a lesson with a picture that is neither described nor decoration."""
    module = course.lessons[0].get_parent()
    quiz = QuizPage(title="Tuščias", slug="tuscias", locale=course.page.locale, live=False)
    module.add_child(instance=quiz)
    quiz.save_revision()
    value = {"image": None, "alt": "", "decorative": False, "caption": ""}
    lesson = LessonPage(title="Be paveikslo", slug="be", locale=course.page.locale, live=False)
    lesson.body = [{"type": "figure", "id": "f", "value": value}]
    module.add_child(instance=lesson)
    lesson.save_revision()
    return quiz, lesson


def test_unfinished_draft_is_not_published_by_code(drafts):
    for draft in drafts:
        with pytest.raises(ValidationError):
            draft.get_latest_revision().publish()
        draft.refresh_from_db()
        assert not draft.live


def test_publishing_many_at_once_publishes_none_and_names_the_unfinished(as_egle, course, drafts):
    quiz, lesson = drafts
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    back = reverse("wagtailadmin_explore", args=[quiz.get_parent().pk])
    query = f"?id={quiz.pk}&id={lesson.pk}&id={course.quiz.pk}&next={back}"
    answer = as_egle.post(address + query, {"include_descendants": False}, follow=True)
    assert "Tuščias, Be paveikslo" in answer.text
    assert not QuizPage.objects.get(pk=quiz.pk).live


def test_finished_draft_is_published(course):
    course.lessons[0].title = "Pamoka 1, pataisyta"
    course.lessons[0].save_revision().publish()
    assert LessonPage.objects.get(pk=course.lessons[0].pk).title == "Pamoka 1, pataisyta"
