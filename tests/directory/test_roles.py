"""Roles: dated, at the right kind of place, and everything Wagtail allows follows from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from freezegun import freeze_time
from wagtail.models import ModelLogEntry

from portal.directory.backends import EmailBackend, TodaysRoles
from portal.directory.flows import roles
from portal.directory.models import Role, RoleAssignment, User
from portal.directory.tasks import apply_dates
from tests.factories.people import UserFactory
from tests.queries import counted
from tests.security.world import BACKEND

pytestmark = pytest.mark.django_db
AT_LIBRARY = [Role.LIBRARY_COORDINATOR, Role.DIRECTOR]


def groups_of(person):
    return set(User.objects.get(pk=person.pk).groups.values_list("name", flat=True))


def is_superuser(person):
    return User.objects.get(pk=person.pk).is_superuser


def test_role_begins_and_ends_on_its_day_without_anybody_touching_it(austeja):
    first, last = date(2026, 11, 20), date(2026, 11, 25)
    roles.grant(user=austeja, role=Role.EDITOR, by=None, date_from=first, date_to=last)
    held = {}
    for day in (19, 20, 25, 26):
        with freeze_time(f"2026-11-{day}T10:00:00+02:00"):
            apply_dates()
            held[day] = groups_of(austeja)
    assert held == {19: set(), 20: {"role:ED"}, 25: {"role:ED"}, 26: set()}


def test_day_ends_at_midnight_in_lithuania(austeja):
    roles.grant(
        user=austeja, role=Role.EDITOR, by=None, date_from=date(2026, 11, 1), date_to=date(2026, 11, 20)
    )
    for moment, current in (("2026-11-20T21:59:00+00:00", 1), ("2026-11-20T22:01:00+00:00", 0)):
        with freeze_time(moment):
            assert RoleAssignment.objects.current().count() == current


def test_M06_administrator_whose_role_ended_by_date_keeps_no_superuser(austeja):
    with freeze_time("2026-11-20T10:00:00+02:00"):
        roles.grant(user=austeja, role=Role.ADMINISTRATOR, by=None, date_to=date(2026, 11, 20))
        assert is_superuser(austeja)
    with freeze_time("2026-11-21T00:30:00+02:00"):
        apply_dates()
        assert not is_superuser(austeja)
        assert not User.objects.get(pk=austeja.pk).is_staff


def test_M06_ended_role_is_without_effect_on_the_very_next_request(client, austeja, benas):
    roles.grant(user=benas, role=Role.ADMINISTRATOR, by=None)
    assignment = roles.grant(user=austeja, role=Role.ADMINISTRATOR, by=None)
    client.force_login(austeja, backend=BACKEND)
    assert client.get("/admin/users/").status_code == 200
    roles.end(assignment=assignment, by=None)
    assert client.get("/admin/users/", follow=True).status_code == 403


def test_M06_editor_loses_pages_with_the_role_and_keeps_the_other_role(client, austeja, course):
    editor = roles.grant(user=austeja, role=Role.EDITOR, by=None, date_from=localdate() - timedelta(days=30))
    roles.grant(user=austeja, role=Role.AUTHOR, by=None)
    client.force_login(austeja, backend=BACKEND)
    edit = f"/admin/pages/{course.page.pk}/edit/"
    assert client.get(edit).status_code == 200
    roles.end(assignment=editor, by=None)
    assert client.get(edit).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert groups_of(austeja) == {"role:AU"}
    editor.refresh_from_db()
    assert editor.date_to == localdate() - timedelta(days=1)


@pytest.mark.parametrize(
    ("role", "address"), [(Role.EDITOR, "/admin/"), (Role.ADMINISTRATOR, "/admin/users/")]
)
def test_M06_role_ends_at_midnight_without_waiting_for_the_clock(client, austeja, role, address):
    with freeze_time("2026-11-20T23:58:00+02:00"):
        roles.grant(user=austeja, role=role, by=None, date_to=date(2026, 11, 20))
        client.force_login(austeja, backend=BACKEND)
        assert client.get(address).status_code == 200
    with freeze_time("2026-11-21T00:00:01+02:00"):
        assert client.get(address, follow=True).status_code == 403
    assert groups_of(austeja) == set() and not is_superuser(austeja)


def test_role_begins_at_midnight_too(client, austeja):
    with freeze_time("2026-11-20T23:58:00+02:00"):
        roles.grant(user=austeja, role=Role.EDITOR, by=None, date_from=date(2026, 11, 21))
        client.force_login(austeja, backend=BACKEND)
        assert client.get("/admin/", follow=True).status_code == 403
    with freeze_time("2026-11-21T00:00:01+02:00"):
        assert client.get("/admin/").status_code == 200


def test_roles_are_derived_once_a_day_and_never_for_those_who_have_none(austeja, benas):
    roles.grant(user=austeja, role=Role.EDITOR, by=None)
    backend = EmailBackend()
    tomorrow = localdate() + timedelta(days=1)
    with freeze_time(f"{tomorrow}T09:00:00+02:00"):
        backend.get_user(austeja.pk)
        for person in (austeja, benas):
            with counted() as statements:
                backend.get_user(person.pk)
            assert len(statements) == 1


def test_every_way_of_being_recognised_brings_todays_roles(settings):
    for path in settings.AUTHENTICATION_BACKENDS:
        assert issubclass(import_string(path), TodaysRoles), path


def test_one_of_two_administrators_roles_ending_keeps_the_other():
    person = UserFactory()
    first = roles.grant(user=person, role=Role.ADMINISTRATOR, by=None, date_from=date(2026, 1, 1))
    roles.grant(user=person, role=Role.ADMINISTRATOR, by=None, date_from=date(2026, 2, 1))
    roles.end(assignment=first, by=None)
    assert is_superuser(person)


def test_superuser_mark_that_no_role_gives_is_taken_away(austeja, places):
    roles.grant(user=austeja, role=Role.DIRECTOR, by=None, library=places.alytus)
    User.objects.filter(pk=austeja.pk).update(is_superuser=True)
    apply_dates()
    assert not is_superuser(austeja)


def test_groups_made_by_hand_are_left_alone(austeja):
    austeja.groups.add(Group.objects.create(name="Darbuotojai"))
    assignment = roles.grant(user=austeja, role=Role.AUTHOR, by=None)
    roles.end(assignment=assignment, by=None)
    assert groups_of(austeja) == {"Darbuotojai"}


def test_granting_twice_changes_nothing_and_is_logged_once(austeja, benas):
    made = {roles.grant(user=austeja, role=Role.EDITOR, by=benas).pk for _time in range(2)}
    assert len(made) == 1
    entries = ModelLogEntry.objects.filter(action="directory.role_granted")
    assert [entry.user for entry in entries] == [benas]


@pytest.mark.parametrize("role", AT_LIBRARY)
def test_role_at_a_library_needs_the_library(austeja, places, role):
    for place in ({}, {"territory": places.county}, {"library": places.alytus, "territory": places.county}):
        with pytest.raises(IntegrityError), transaction.atomic():
            roles.grant(user=austeja, role=role, by=None, **place)
    assert not RoleAssignment.objects.exists()
    assert groups_of(austeja) == set()


def test_territory_coordinator_needs_the_territory(austeja, places):
    for place in ({}, {"library": places.alytus}):
        with pytest.raises(IntegrityError), transaction.atomic():
            roles.grant(user=austeja, role=Role.TERRITORY_COORDINATOR, by=None, **place)


def test_role_does_not_end_before_it_begins(austeja):
    with pytest.raises(IntegrityError), transaction.atomic():
        roles.grant(
            user=austeja, role=Role.EDITOR, by=None, date_from=date(2026, 2, 1), date_to=date(2026, 1, 1)
        )


@pytest.mark.parametrize("where", ["nowhere", "library", "territory"])
def test_same_role_at_the_same_place_is_not_held_twice_from_one_day(austeja, places, where):
    role, place = {
        "nowhere": (Role.EDITOR, {}),
        "library": (Role.DIRECTOR, {"library": places.alytus}),
        "territory": (Role.TERRITORY_COORDINATOR, {"territory": places.county}),
    }[where]
    day = {"date_from": date(2026, 1, 1)}
    RoleAssignment.objects.create(user=austeja, role=role, **place, **day)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=austeja, role=role, **place, **day)


@pytest.mark.parametrize("role", [Role.LIBRARY_COORDINATOR, Role.DIRECTOR, Role.TERRITORY_COORDINATOR])
def test_coordinator_has_nothing_in_the_admin(client, austeja, places, role):
    place = {"territory": places.county} if role == Role.TERRITORY_COORDINATOR else {"library": places.alytus}
    roles.grant(user=austeja, role=role, by=None, **place)
    client.force_login(austeja, backend=BACKEND)
    assert client.get("/admin/", follow=True).status_code == 403
