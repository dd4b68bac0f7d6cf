"""Approving pages: who is written to, in which language, once; and what stands on whose home."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import TaskState, Workflow, WorkflowPage
from wagtail.users.models import UserProfile

from portal.directory.models import Role
from tests.content.test_staff_home import entering, waiting
from tests.directory.mail import letters
from tests.factories.content import standard_page
from tests.security.world import somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db):
    """Eglė, an author; Tomas, an editor who reads English; Rūta, an administrator and an editor."""
    egle = somebody("Eglė", "Įmantė", role=Role.AUTHOR)
    tomas = somebody("Tomas", "Šimkus", role=Role.EDITOR)
    tomas.preferred_language = "en"
    tomas.save()
    ruta = somebody("Rūta", "Žemaitė", role=Role.EDITOR)
    ruta.is_superuser = True
    ruta.save()
    return egle, tomas, ruta


@pytest.fixture
def page(course, people):
    """A page that Eglė has sent for approval."""
    page = standard_page(course.home, "Apie", owner=people[0])
    workflow = Workflow.objects.get(active=True)
    WorkflowPage.objects.get_or_create(page=page.get_root(), defaults={"workflow": workflow})
    workflow.start(page, people[0])
    return page


def decide(person, page, action, comment=""):
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    answer = entering(person).post(address, {"comment": comment})
    assert answer.status_code in {200, 302}


def test_each_who_approves_gets_one_letter_in_their_own_language(page, people):
    sent = {letter.to[0]: letter for letter in letters()}
    assert len(sent) == 2
    assert sent[people[1].email].subject == "“Apie” waits for your approval"
    assert sent[people[2].email].subject == "„Apie“ laukia jūsų patvirtinimo"
    assert "Eglė Įmantė" in sent[people[2].email].body
    assert f"/admin/pages/{page.pk}/edit/" in sent[people[2].email].body
    assert "<html" in sent[people[2].email].alternatives[0][0]  # on our letterhead


def test_author_is_told_what_to_change_and_finds_it_on_the_staffs_home(page, people):
    letters()
    assert "Jūsų puslapiai, grąžinti taisyti" not in waiting(people[0])
    decide(people[1], page, "reject", "Pridėkite šaltinį <ir datą>.")
    (letter,) = letters()
    assert (letter.to, letter.subject) == ([people[0].email], "„Apie“ grąžintas taisyti")
    assert "Pridėkite šaltinį <ir datą>." in letter.body
    assert "&lt;ir datą&gt;" in letter.alternatives[0][0]
    assert waiting(people[0])["Jūsų puslapiai, grąžinti taisyti"] == (["Apie"], 1)
    home = entering(people[0]).get("/admin/").text
    assert "Pridėkite šaltinį" in home
    assert "Niekas jūsų nelaukia" not in home


def test_page_that_waits_for_approval_is_on_the_home_of_those_who_approve(page, people):
    heading = "Puslapiai, laukiantys jūsų patvirtinimo"
    for person in people[1:]:
        assert waiting(person)[heading] == (["Apie"], 1)
    assert heading not in waiting(people[0])
    assert "Niekas jūsų nelaukia" not in entering(people[2]).get("/admin/").text
    decide(people[2], page, "approve")
    assert heading not in waiting(people[1])


def test_author_is_told_that_the_page_is_approved(page, people):
    letters()
    decide(people[2], page, "approve")
    (letter,) = letters()
    assert (letter.to, letter.subject) == ([people[0].email], "„Apie“ patvirtintas")


def test_who_declined_wagtails_notifications_gets_no_letter_of_ours(course, people):
    profile = UserProfile.get_for_user(people[1])
    profile.submitted_notifications = False
    profile.save()
    page = standard_page(course.home, "Apie")
    Workflow.objects.get(active=True).start(page, people[0])
    assert [letter.to for letter in letters()] == [[people[2].email]]
