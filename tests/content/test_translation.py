"""Translating a page: its draft never goes live by itself, and the rules of learning stay one in all languages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import String, StringTranslation, Translation, TranslationContext

from courses.models import ActivityVersion, QuizPage
from portal.directory.flows.roles import grant
from portal.directory.models import Role
from tests.factories.courses import add, quiz_items
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def egle(client):
    """Eglė, the editor, signed in."""
    user = UserFactory(first_name="Eglė", last_name="Drąsutytė")
    grant(user=user, role=Role.EDITOR, by=None)
    client.force_login(user, backend="portal.directory.backends.EmailBackend")
    return user


@pytest.fixture
def quiz(course):
    """A quiz that stands in Lithuanian only."""
    page = QuizPage(title="Tik lietuviškai", slug="tik", locale=course.page.locale, pass_percent=75)
    page.items = quiz_items()
    return add(course.lessons[0].get_parent(), page)


@pytest.fixture
def translation(client, egle, quiz):
    """The translation of the quiz into English that Eglė began on Wagtail's screen."""
    address = reverse("wagtail_localize:submit_page_translation", args=[quiz.pk])
    assert client.post(address, {"locales": [Locale.objects.get(language_code="en").pk]}).status_code == 302
    return Translation.objects.get()


def english(quiz):
    return QuizPage.objects.get(translation_key=quiz.translation_key, locale__language_code="en")


def test_translation_begins_as_a_draft_that_nobody_sees(client, translation, quiz):
    assert not english(quiz).live
    client.logout()
    assert client.get(english(quiz).get_url()).status_code == 404


def test_published_translation_is_the_same_activity_with_the_same_rules(
    translation, egle, quiz, django_capture_on_commit_callbacks
):
    title = String.objects.get(data="Tik lietuviškai")
    context = TranslationContext.objects.get(object_id=quiz.translation_key, path="title")
    StringTranslation.objects.create(
        translation_of=title, locale=english(quiz).locale, context=context, data="In English now"
    )
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target(user=egle, publish=True)
    page = english(quiz)
    assert (page.live, page.title, page.pass_percent) == (True, "In English now", 75)
    versions = ActivityVersion.objects.filter(activity__translation_key=quiz.translation_key)
    assert {(version.language, version.activity_id) for version in versions} == {
        ("lt", versions[0].activity_id),
        ("en", versions[0].activity_id),
    }


def test_rule_changed_in_the_source_reaches_the_translation_when_it_is_synchronised(translation, egle, quiz):
    translation.save_target(user=egle, publish=True)
    quiz.pass_percent = 90
    quiz.save_revision().publish()
    translation.source.update_from_db()
    translation.save_target(user=egle, publish=True)
    assert english(quiz).pass_percent == 90
