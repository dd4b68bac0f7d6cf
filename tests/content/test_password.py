"""A page shared with a password: asked for on a page of ours, in the page's language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from freezegun import freeze_time
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction

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


@pytest.fixture
def shelf(db):
    """A collection of documents shared with a password, by its door."""
    collection = Collection.get_first_root_node().add_child(name="Metodininkams")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=PageViewRestriction.PASSWORD, password="pušynas"
    )
    return reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])


@pytest.fixture(params=["page", "collection"])
def door(request, shared, shelf):
    return address(shared) if request.param == "page" else shelf


def tell(password, door, computer="192.0.2.1"):
    return Client().post(door, {"password": password, "return_url": "/lt/"}, REMOTE_ADDR=computer).status_code


def test_shared_password_is_not_guessed_from_one_address(door):
    start = now()
    with freeze_time(start):
        assert [tell(f"spėjimas {number}", door) for number in range(11)] == [200] * 10 + [429]
        assert tell("pušynas", door) == 429
        assert tell("pušynas", door, computer="192.0.2.2") == 302
    with freeze_time(start + timedelta(minutes=6)):
        assert tell("pušynas", door) == 302


def test_shared_password_is_not_guessed_from_many_addresses(door):
    answers = [tell("spėjimas", door, computer=f"192.0.2.{number}") for number in range(101)]
    assert answers == [200] * 100 + [429]


def test_class_that_knows_the_password_is_not_held_up(door):
    assert {tell("pušynas", door) for _pupil in range(30)} == {302}


def test_who_guesses_is_told_so_on_a_page_of_ours(client, shared):
    for number in range(11):
        page = client.post(address(shared), {"password": f"spėjimas {number}", "return_url": "/lt/"})
    assert "Per daug bandymų" in page.text and "kelrodis.css" in page.text
