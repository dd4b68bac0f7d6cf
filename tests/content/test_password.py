"""A page shared with a password: asked for on a page of ours, in the page's language."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(course):
    """A lesson that only those read who have been told its password."""
    lesson = course.lessons[0]
    PageViewRestriction.objects.create(
        page=lesson, restriction_type=PageViewRestriction.PASSWORD, password="pušynas"
    )
    return lesson


def address(lesson):
    restriction = PageViewRestriction.objects.get()
    return reverse("wagtailcore_authenticate_with_password", args=[restriction.pk, lesson.pk])


def test_password_is_asked_for_in_our_design_and_language(client, shared):
    page = client.get(shared.get_url()).text
    assert "kelrodis.css" in page
    assert "Reikia slaptažodžio" in page
    assert "password" in page
    assert "Password required" not in page


def test_right_password_opens_the_page_and_a_wrong_one_says_so(client, shared):
    wrong = client.post(address(shared), {"password": "eglynas", "return_url": shared.get_url()})
    assert 'aria-invalid="true"' in wrong.text
    assert shared.title not in client.get(shared.get_url()).text.split("<main")[1]
    right = client.post(address(shared), {"password": "pušynas", "return_url": shared.get_url()}, follow=True)
    assert shared.title in right.text.split("<main")[1]
