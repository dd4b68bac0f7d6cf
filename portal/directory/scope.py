"""Scope: which libraries and territories a person's roles of today reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models.people import User


@dataclass(frozen=True)
class Scope:
    """The reach of a person's roles; all but ``everything`` are primary keys.

    ``libraries`` are those whose people one may see; of these, one decides about people (confirms, invites) in
    ``coordinated`` and in the libraries of ``territories``.
    """

    everything: bool = False
    libraries: frozenset[int] = field(default_factory=frozenset)
    coordinated: frozenset[int] = field(default_factory=frozenset)
    territories: frozenset[int] = field(default_factory=frozenset)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return self.everything or bool(self.libraries or self.territories)

    @property
    def decides(self) -> bool:
        """Whether one confirms and invites people somewhere; a director only sees them."""
        return self.everything or bool(self.coordinated or self.territories)


def holds_rights(user: User | AnonymousUser) -> bool:
    """Whether the person has a role today, or may enter Wagtail's admin by a group: whether they are staff."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or user.role_assignments.current().exists() or enters_admin(user)


def enters_admin(user: User) -> bool:
    """Whether Wagtail's admin is for this person, perhaps after the second factor."""
    entering = {"codename": "access_admin", "content_type__app_label": "wagtailadmin"}
    return (
        user.is_superuser
        or user.groups.filter(**{f"permissions__{name}": value for name, value in entering.items()}).exists()
        or user.user_permissions.filter(**entering).exists()
    )


def groups_of(user: User | AnonymousUser) -> QuerySet[Group]:
    """Return the groups that count for ``user`` in this session: while rights sleep, those of staff do not.

    A group is staff's when a role gives it (``role:…``) or when it opens Wagtail's admin. Any other one may be a
    learner's, who has nothing to wake.
    """
    if not user.is_authenticated:
        return Group.objects.none()
    groups = user.groups.all()
    if not user.is_asleep():
        return groups
    staffs = Group.objects.filter(
        Q(name__startswith="role:")
        | Q(permissions__codename="access_admin", permissions__content_type__app_label="wagtailadmin")
    )
    return groups.exclude(pk__in=staffs.values("pk"))


def scope_of(user: User | AnonymousUser) -> Scope:
    """Return the scope of ``user`` today (one query; none for somebody not signed in)."""
    if not user.is_authenticated or not user.is_active:
        return Scope()
    current = user.role_assignments.current()
    rows = list(current.values_list("role", "library_id", "territory_id"))
    if rows and user.is_asleep():
        return Scope()
    return Scope(
        everything=any(role == "AD" for role, _library, _territory in rows),
        libraries=frozenset(lib for role, lib, _t in rows if lib and role in {"LC", "DI"}),
        coordinated=frozenset(lib for role, lib, _t in rows if lib and role == "LC"),
        territories=frozenset(ter for role, _l, ter in rows if ter and role == "TC"),
    )
