"""Pages are moved by editors only, and only to where they may stand (M04)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Page

from portal.directory.models import Role
from tests.factories.courses import make_course
from tests.security.world import BACKEND, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def second_factor_off(settings, second_factor_required):
    settings.SECOND_FACTOR = "off"


def move(client, role, page, target):
    client.force_login(somebody("Rasa", "Stonkutė", role=role), backend=BACKEND)
    response = client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, target.pk]))
    return response, Page.objects.get(pk=page.pk).get_parent().pk == target.pk


def test_M04_editor_moves_a_module_into_another_course(client, course):
    other = make_course("kitas")
    module, target = course.lessons[0].get_parent(), other.page
    module.slug = "kitur"
    module.save()
    assert move(client, Role.EDITOR, module, target)[1]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.INSTRUCTOR, Role.SUBJECT_LIBRARIAN])
def test_M04_nobody_else_moves_what_others_have_made(client, course, role):
    module = course.lessons[0].get_parent()
    response, moved = move(client, role, module, make_course("kitas").page)
    assert not moved
    assert response.status_code in {302, 403, 404}


@pytest.mark.parametrize("target", ["home", "module", "quiz"])
def test_M04_course_is_not_moved_to_where_no_course_stands(client, course, target):
    other = make_course("kitas")
    places = {"home": other.home, "module": other.lessons[0].get_parent(), "quiz": other.quiz}
    assert not move(client, Role.EDITOR, course.page, places[target])[1]
