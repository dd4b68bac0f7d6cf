"""Whatever roles begin and end, and whoever comes and goes: nobody sees past the union of their roles of today."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from freezegun import freeze_time
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from courses.models import Enrolment
from portal.directory.flows import affiliations, roles
from portal.directory.models import Affiliation, Library, Role, RoleAssignment, User
from tests.factories.people import LibraryFactory, MunicipalityFactory, TerritoryFactory, UserFactory

START = date(2026, 11, 1)
PEOPLE, LIBRARIES = st.integers(0, 3), st.integers(0, 3)
DAYS = st.one_of(st.none(), st.integers(0, 3))
PLACED = [Role.LIBRARY_COORDINATOR, Role.DIRECTOR, Role.TERRITORY_COORDINATOR]
ROLES = st.sampled_from([*PLACED, Role.ADMINISTRATOR, Role.EDITOR])


class Scopes(RuleBasedStateMachine):
    """Four people, four libraries in two territories, a calendar; and a plain model of who may see what."""

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.today = START
        counties = [TerritoryFactory() for _county in range(2)]
        towns = [MunicipalityFactory(territory=county) for county in counties]
        self.libraries = [LibraryFactory(municipality=towns[number % 2]) for number in range(4)]
        self.counties = counties
        self.people = [UserFactory() for _person in range(4)]
        self.held = []  # [person, role, place number or None, first day, last day or None]
        self.work = {}  # affiliation's key: [person, library number, confirmed, last day or None]

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def at(self):
        return freeze_time(f"{self.today}T12:00:00+02:00")

    @rule(person=PEOPLE, role=ROLES, place=LIBRARIES, begins=st.integers(-2, 2), lasts=DAYS)
    def grant(self, person, role, place, begins, lasts):
        first = self.today + timedelta(days=begins)
        last = None if lasts is None else first + timedelta(days=lasts)
        at = {
            Role.TERRITORY_COORDINATOR: {"territory": self.counties[place % 2]},
            Role.LIBRARY_COORDINATOR: {"library": self.libraries[place]},
            Role.DIRECTOR: {"library": self.libraries[place]},
        }.get(role, {})
        with self.at():
            known = RoleAssignment.objects.filter(user=self.people[person], role=role, date_from=first)
            if known.filter(**at).exists():
                return
            row = roles.grant(
                user=self.people[person], role=role, by=None, date_from=first, date_to=last, **at
            )
        self.held.append([row.pk, person, role, place, first, last])

    @rule(which=st.integers(0, 30))
    def end(self, which):
        if not self.held:
            return
        entry = self.held[which % len(self.held)]
        with self.at():
            try:
                roles.end(assignment=RoleAssignment.objects.get(pk=entry[0]), by=None)
            except roles.LastAdministrator:
                assert self.lasting_administrators(besides=entry) == 0
                return
        if entry[4] > self.today - timedelta(days=1):
            self.held.remove(entry)
        else:
            entry[5] = self.today - timedelta(days=1)

    @rule(person=PEOPLE, library=LIBRARIES, confirmed=st.booleans())
    def come(self, person, library, confirmed):
        with self.at():
            try:
                row = affiliations.declare(
                    user=self.people[person], library=self.libraries[library], date_from=self.today
                )
            except affiliations.AlreadyDeclared:
                return
            if confirmed:
                affiliations.confirm(affiliation=row, by=self.people[0])
        self.work[row.pk] = [person, library, confirmed, None]

    @rule(which=st.integers(0, 30), lasts=st.integers(0, 2))
    def leave(self, which, lasts):
        confirmed = [key for key, row in self.work.items() if row[2] and row[3] is None]
        if not confirmed:
            return
        key = confirmed[which % len(confirmed)]
        person, library = self.work[key][:2]
        last = self.today + timedelta(days=lasts)
        with self.at():
            row = Affiliation.objects.get(pk=key)
            affiliations.end(affiliation=row, date_to=last, by=self.people[person])
        self.work[key][3] = last
        for entry in list(self.held):
            here = entry[1] == person and entry[2] in {Role.LIBRARY_COORDINATOR, Role.DIRECTOR}
            if here and entry[3] == library and (entry[5] is None or entry[5] > last):
                if entry[4] > last:
                    self.held.remove(entry)
                else:
                    entry[5] = last

    @rule(days=st.integers(1, 2))
    def days_pass(self, days):
        self.today += timedelta(days=days)

    def lasting_administrators(self, besides):
        return sum(
            entry is not besides
            and entry[2] == Role.ADMINISTRATOR
            and entry[5] is None
            and entry[4] <= self.today
            for entry in self.held
        )

    def holding(self, person):
        """Return the person's roles of today."""
        return [
            row
            for row in self.held
            if row[1] == person and row[4] <= self.today and (row[5] is None or row[5] >= self.today)
        ]

    def allowed(self, person):
        """Return the libraries by number that the person's roles of today reach."""
        reached = set()
        for _key, _who, role, place, _first, _last in self.holding(person):
            reached |= {
                Role.ADMINISTRATOR: {0, 1, 2, 3},
                Role.TERRITORY_COORDINATOR: {number for number in range(4) if number % 2 == place % 2},
                Role.EDITOR: set(),
            }.get(role, {place})
        return reached

    @invariant()
    def nobody_sees_past_their_roles(self):
        if not hasattr(self, "people"):
            return
        with self.at():
            for number, person in enumerate(self.people):
                allowed = self.allowed(number)
                seen = set(Library.objects.visible_to(person))
                assert seen == {self.libraries[place] for place in allowed}
                everybody = any(row[2] == Role.ADMINISTRATOR for row in self.holding(number))
                colleagues = {number} | {
                    who
                    for who, library, confirmed, last in self.work.values()
                    if confirmed and library in allowed and (last is None or last >= self.today)
                }
                people = {
                    self.people.index(row) for row in User.objects.visible_to(person) if row in self.people
                }
                assert colleagues <= people
                if not everybody:
                    assert people == colleagues
                assert not Enrolment.objects.visible_to(person).exists()


@pytest.mark.django_db
def test_nobody_ever_sees_past_the_union_of_their_roles_of_today():
    quick = settings(
        max_examples=10,
        stateful_step_count=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Scopes, settings=quick)
