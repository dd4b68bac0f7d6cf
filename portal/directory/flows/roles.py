"""Granting and ending roles; Wagtail's groups follow from them."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from wagtail.log_actions import log

from portal.directory.flows.groups import group_of
from portal.directory.models import Library, Role, RoleAssignment, Territory, User


class LastAdministrator(Exception):
    """Without this person nobody would be left to administer the portal."""


@transaction.atomic
def grant(
    *,
    user: User,
    role: Role,
    by: User | None,
    library: Library | None = None,
    territory: Territory | None = None,
    date_from: date | None = None,
    date_to: date | None = None,
) -> RoleAssignment:
    """Give ``user`` a role and let the Wagtail groups follow. Granting twice changes nothing.

    Raises IntegrityError when the role's place is missing or doubled.
    """
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user,
        role=role,
        library=library,
        territory=territory,
        date_from=date_from or localdate(),
        defaults={"date_to": date_to},
    )
    if created:
        log(user, "directory.role_granted", user=by, data=_told(assignment))
    derive_groups(user=user)
    return assignment


@transaction.atomic
def end(*, assignment: RoleAssignment, by: User | None, last_day: date | None = None) -> None:
    """End a role on ``last_day``; without one as of yesterday, so that the next request is already without it.

    Raises LastAdministrator.
    """
    if assignment.role == Role.ADMINISTRATOR:
        keep_an_administrator(without=Q(pk=assignment.pk))
    last_day = last_day or localdate() - timedelta(days=1)
    if assignment.date_from > last_day:
        assignment.delete()
    else:
        assignment.date_to = last_day
        assignment.save(update_fields=["date_to"])
    log(assignment.user, "directory.role_ended", user=by, data=_told(assignment))
    derive_groups(user=assignment.user)


def _told(assignment: RoleAssignment) -> dict[str, str]:
    """Return what the log keeps of a role: which one and where, as those see it to whom the place is visible."""
    told = {"role": str(assignment.role)}
    if assignment.library is not None:
        told["library"] = assignment.library.code
    if assignment.territory is not None:
        told |= {"territory": str(assignment.territory.uuid), "territory_name": assignment.territory.name_lt}
    return told


@transaction.atomic
def keep_an_administrator(*, without: Q) -> None:
    """Make sure that somebody administers the portal with no end in sight, by a role other than those ``without``.

    Locks the administrators' roles, so that of two who end each other's the second is refused. Raises
    LastAdministrator.
    """
    lasting = RoleAssignment.objects.current().filter(role=Role.ADMINISTRATOR, date_to__isnull=True)
    left = lasting.select_for_update(of=("self",)).filter(~without, user__is_active=True)
    if not list(left):
        raise LastAdministrator


@transaction.atomic
def derive_groups(*, user: User) -> None:
    """Set the Wagtail groups, and the superuser mark of administrators, from today's roles.

    Notes the day: on the first request of another day it is done anew (portal.directory.backends).
    """
    current = set(RoleAssignment.objects.current().filter(user=user).values_list("role", flat=True))
    names = {f"role:{code}" for code in current}
    managed = Group.objects.filter(name__startswith="role:")
    user.groups.remove(*managed.exclude(name__in=names).filter(user=user))
    for role in sorted(current):
        user.groups.add(group_of(role))
    is_administrator = Role.ADMINISTRATOR.value in current
    user.is_superuser = user.is_staff = is_administrator
    user.roles_as_of = localdate()
    user.save(update_fields=["is_superuser", "is_staff", "roles_as_of"])
