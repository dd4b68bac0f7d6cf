"""Granting and ending roles; Wagtail's groups follow from them."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.timezone import localdate
from wagtail.log_actions import log

from portal.directory.flows.groups import group_of
from portal.directory.models import Library, Role, RoleAssignment, Territory, User


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
        log(user, "directory.role_granted", user=by, data={"role": role.value})
    derive_groups(user=user)
    return assignment


@transaction.atomic
def end(*, assignment: RoleAssignment, by: User | None) -> None:
    """End a role as of yesterday, so that the next request is already without it."""
    yesterday = localdate() - timedelta(days=1)
    if assignment.date_from > yesterday:
        assignment.delete()
    else:
        assignment.date_to = yesterday
        assignment.save(update_fields=["date_to"])
    log(assignment.user, "directory.role_ended", user=by, data={"role": assignment.role})
    derive_groups(user=assignment.user)


@transaction.atomic
def derive_groups(*, user: User) -> None:
    """Set the Wagtail groups, and the superuser mark of administrators, from today's roles."""
    current = set(RoleAssignment.objects.current().filter(user=user).values_list("role", flat=True))
    names = {f"role:{code}" for code in current}
    managed = Group.objects.filter(name__startswith="role:")
    user.groups.remove(*managed.exclude(name__in=names).filter(user=user))
    for role in sorted(current):
        user.groups.add(group_of(role))
    is_administrator = Role.ADMINISTRATOR.value in current
    if user.is_superuser != is_administrator:
        user.is_superuser = user.is_staff = is_administrator
        user.save(update_fields=["is_superuser", "is_staff"])
