"""Coordinators, colleagues and their browsers, for tests of people in scope."""

from __future__ import annotations

from datetime import date

from django.test import Client

from portal.directory.flows import affiliations, roles
from portal.directory.models import Affiliation, Role, User
from tests.factories.people import UserFactory
from tests.security.world import BACKEND

LONG_AGO = date(2026, 1, 2)


def works(person, library, *, confirmed=True, until=None, since=LONG_AGO, **details):
    return Affiliation.objects.create(
        user=person, library=library, confirmed=confirmed, date_from=since, date_to=until, **details
    )


def holder(role, name="Rasa Stonkutė", **place):
    """Return somebody who holds ``role``."""
    first, _space, last = name.partition(" ")
    person = UserFactory(first_name=first, last_name=last)
    roles.grant(user=person, role=role, by=None, **place)
    return User.objects.get(pk=person.pk)


def coordinator(library, name="Rasa Stonkutė"):
    return holder(Role.LIBRARY_COORDINATOR, name, library=library)


def browser_of(person):
    browser = Client()
    browser.force_login(person, backend=BACKEND)
    return browser


def waiting(person, library, **details):
    """Let ``person`` say that they work in ``library``."""
    return affiliations.declare(user=person, library=library, date_from=LONG_AGO, **details)
