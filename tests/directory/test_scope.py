"""Scope: whose libraries, people and enrolments a person sees today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils.timezone import localdate

from courses.flows import enrolment
from courses.models import Enrolment
from portal.directory.flows import roles
from portal.directory.models import Affiliation, Library, Role, User
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
LONG_AGO = date(2024, 1, 1)


def works(person, library, *, confirmed=True, until=None):
    return Affiliation.objects.create(
        user=person, library=library, confirmed=confirmed, date_from=LONG_AGO, date_to=until
    )


@pytest.fixture
def staff(places):
    """One librarian in each library."""
    people = {}
    for name in ("alytus", "varena", "utena"):
        people[name] = UserFactory(first_name=name)
        works(people[name], getattr(places, name))
    return people


def reach(person):
    """Return the names of the people whom ``person`` sees, without themselves."""
    return set(User.objects.visible_to(person).exclude(pk=person.pk).values_list("first_name", flat=True))


def coordinator(role, **place):
    person = UserFactory(first_name="koordinatorė")
    roles.grant(user=person, role=role, by=None, **place)
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize("role", [Role.LIBRARY_COORDINATOR, Role.DIRECTOR])
def test_library_role_reaches_that_library(places, staff, role):
    person = coordinator(role, library=places.alytus)
    assert set(Library.objects.visible_to(person)) == {places.alytus}
    assert reach(person) == {"alytus"}


def test_territory_role_reaches_the_libraries_of_the_territory(places, staff):
    person = coordinator(Role.TERRITORY_COORDINATOR, territory=places.county)
    assert set(Library.objects.visible_to(person)) == {places.alytus, places.varena}
    assert reach(person) == {"alytus", "varena"}


def test_administrator_reaches_everything(places, staff):
    person = coordinator(Role.ADMINISTRATOR)
    assert Library.objects.visible_to(person).count() == 3
    assert reach(person) == {"alytus", "varena", "utena"}


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.EDITOR, Role.INSTRUCTOR, Role.EXPERT, Role.DOOR_STAFF])
def test_role_without_a_place_reaches_nobody(places, staff, role):
    person = coordinator(role)
    assert not Library.objects.visible_to(person).exists()
    assert reach(person) == set()


def test_role_of_no_territory_held_at_a_library_reaches_nothing_of_it(places, staff):
    person = coordinator(Role.INSTRUCTOR, library=places.alytus)
    assert not Library.objects.visible_to(person).exists()


def test_librarian_sees_themselves_alone(places, staff):
    assert not Library.objects.visible_to(staff["alytus"]).exists()
    assert set(User.objects.visible_to(staff["alytus"])) == {staff["alytus"]}


def test_visitor_sees_nobody(places, staff):
    assert not Library.objects.visible_to(AnonymousUser()).exists()
    assert not User.objects.visible_to(AnonymousUser()).exists()


def test_roles_of_a_closed_account_reach_nothing(places, staff):
    person = coordinator(Role.ADMINISTRATOR)
    person.is_active = False
    person.save()
    assert not Library.objects.visible_to(person).exists()


@pytest.mark.parametrize(("begins", "ends"), [(-10, -1), (1, None), (5, 9)])
def test_role_of_another_time_reaches_nothing_today(places, staff, begins, ends):
    today = localdate()
    person = coordinator(
        Role.LIBRARY_COORDINATOR,
        library=places.alytus,
        date_from=today + timedelta(days=begins),
        date_to=today + timedelta(days=ends) if ends else None,
    )
    assert not Library.objects.visible_to(person).exists()
    assert reach(person) == set()


def test_unconfirmed_affiliation_grants_nothing_to_either_side(places):
    newcomer = UserFactory(first_name="naujokas")
    works(newcomer, places.alytus, confirmed=False)
    person = coordinator(Role.LIBRARY_COORDINATOR, library=places.alytus)
    assert reach(person) == set()
    assert not Library.objects.visible_to(newcomer).exists()


def test_former_colleague_is_no_longer_seen(places, staff):
    Affiliation.objects.filter(user=staff["alytus"]).update(date_to=localdate() - timedelta(days=1))
    assert reach(coordinator(Role.LIBRARY_COORDINATOR, library=places.alytus)) == set()


def test_enrolments_are_seen_by_the_library_they_were_made_in(places, staff, course):
    for person in staff.values():
        enrolment.ensure(user=person, course=course.activity, source="self")
    person = coordinator(Role.LIBRARY_COORDINATOR, library=places.alytus)
    assert [row.user for row in Enrolment.objects.visible_to(person)] == [staff["alytus"]]
    county = coordinator(Role.TERRITORY_COORDINATOR, territory=places.county)
    assert {row.user for row in Enrolment.objects.visible_to(county)} == {staff["alytus"], staff["varena"]}
    assert Enrolment.objects.visible_to(coordinator(Role.ADMINISTRATOR)).count() == 3
    assert [row.user for row in Enrolment.objects.visible_to(staff["utena"])] == [staff["utena"]]
    assert not Enrolment.objects.visible_to(AnonymousUser()).exists()


def test_asking_for_the_scope_takes_one_query(places, staff, django_assert_num_queries):
    person = coordinator(Role.TERRITORY_COORDINATOR, territory=places.county)
    with django_assert_num_queries(2):
        list(Library.objects.visible_to(person))
