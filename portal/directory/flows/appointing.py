"""Roles at a place, granted and ended by those who may: a territory's coordinator appoints those of its libraries.

Source of the rule: the authorization matrix ("Grant roles": administrators all, territory coordinators "LC only").
Nobody changes their own roles.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from portal.directory.flows import roles
from portal.directory.models import Library, Role, RoleAssignment, Territory, User
from portal.directory.models.roles import AT_LIBRARY, AT_TERRITORY
from portal.directory.scope import scope_of


class NotYours(Exception):
    """The role, the place or the person is not within the granter's scope."""


class NotConfirmedYet(Exception):
    """The person works nowhere in the granter's scope: no library there has confirmed it."""


def roles_to_give(*, by: User) -> list[Role]:
    """Return the roles at a place that ``by`` may grant."""
    scope = scope_of(by)
    if scope.everything:
        return [Role.LIBRARY_COORDINATOR, Role.DIRECTOR, Role.TERRITORY_COORDINATOR]
    return [Role.LIBRARY_COORDINATOR] if scope.territories else []


@transaction.atomic
def appoint(
    *, user: User, role: Role, place: Library | Territory, by: User, date_to: date | None = None
) -> RoleAssignment:
    """Grant ``user`` a role at ``place`` from today, to ``date_to`` where it is given.

    Raises NotYours and NotConfirmedYet, and ValueError where role and place do not fit.
    """
    at_library = isinstance(place, Library)
    if role not in (AT_LIBRARY if at_library else AT_TERRITORY):
        raise ValueError("A role of a library is held at a library, one of a territory in a territory.")
    if user == by or role not in roles_to_give(by=by):
        raise NotYours
    if at_library and not Library.objects.staffed_by(by).filter(pk=place.pk).exists():
        raise NotYours
    if not scope_of(by).everything and not User.objects.visible_to(by).filter(pk=user.pk).exists():
        raise NotConfirmedYet
    where = {"library": place} if isinstance(place, Library) else {"territory": place}
    held = RoleAssignment.objects.current().filter(user=user, role=role, **where).first()
    if held is not None and held.date_to == date_to:
        return held
    if held is not None:
        roles.end(assignment=held, by=by)
    return roles.grant(user=user, role=role, by=by, date_to=date_to, **where)


@transaction.atomic
def dismiss(*, assignment: RoleAssignment, by: User) -> None:
    """End a role at once. Raises NotYours and LastAdministrator."""
    if not RoleAssignment.objects.ended_by(by).filter(pk=assignment.pk).exists():
        raise NotYours
    roles.end(assignment=assignment, by=by)
