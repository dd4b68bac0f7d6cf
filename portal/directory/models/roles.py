"""Dated roles: what a person may do, where, from when to when."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.directory.models.people import User
from portal.directory.models.places import Library, Territory
from portal.directory.scope import scope_of


class Role(models.TextChoices):
    """The roles of the portal. A role at a place holds for that place only."""

    LIBRARY_COORDINATOR = "LC", _("library coordinator")
    TERRITORY_COORDINATOR = "TC", _("territory coordinator")
    DIRECTOR = "DI", _("library director")
    AUTHOR = "AU", _("course author")
    INSTRUCTOR = "IN", _("instructor")
    SUBJECT_LIBRARIAN = "SL", _("subject librarian")
    EDITOR = "ED", _("editor")
    EXPERT = "EX", _("programme expert")
    DOOR_STAFF = "DS", _("door staff")
    ADMINISTRATOR = "AD", _("administrator")


AT_LIBRARY = {Role.LIBRARY_COORDINATOR, Role.DIRECTOR}
AT_TERRITORY = {Role.TERRITORY_COORDINATOR}


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Questions asked about roles."""

    def current(self) -> Self:
        """Return the assignments that hold today."""
        today = localdate()
        return self.filter(date_from__lte=today).filter(
            models.Q(date_to__isnull=True) | models.Q(date_to__gte=today)
        )

    def lasting(self) -> Self:
        """Return those that hold today or will."""
        return self.filter(models.Q(date_to__isnull=True) | models.Q(date_to__gte=localdate()))

    def shown_to(self, user: User | AnonymousUser) -> Self:
        """Return the roles of others that ``user`` sees: those at one's libraries and in one's territories."""
        scope = scope_of(user)
        if scope.everything:
            return self
        return self.filter(
            models.Q(library__in=Library.objects.visible_to(user)) | models.Q(territory__in=scope.territories)
        )

    def ended_by(self, user: User | AnonymousUser) -> Self:
        """Return the roles of others that ``user`` may end: those one may grant."""
        scope = scope_of(user)
        others = self.lasting().exclude(user_id=user.pk)
        if scope.everything:
            return others
        return others.filter(
            role=Role.LIBRARY_COORDINATOR, library__municipality__territory__in=scope.territories
        )


class RoleAssignment(models.Model):
    """A role of a person at a library, in a territory, or in the whole portal."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_assignments")
    role = models.CharField(_("role"), max_length=2, choices=Role.choices)
    library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, blank=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, blank=True)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"), null=True, blank=True)

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(library__isnull=True) | models.Q(territory__isnull=True),
                name="role_at_one_place",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(AT_LIBRARY)) | models.Q(library__isnull=False),
                name="library_role_has_library",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=sorted(AT_TERRITORY)) | models.Q(territory__isnull=False),
                name="territory_role_has_territory",
            ),
            models.CheckConstraint(
                condition=models.Q(date_to__isnull=True) | models.Q(date_to__gte=models.F("date_from")),
                name="role_ends_after_it_begins",
            ),
            # Nulls count as equal here: one constraint for each kind of place (SQLite has no better way).
            models.UniqueConstraint(
                fields=["user", "role", "date_from"],
                condition=models.Q(library__isnull=True, territory__isnull=True),
                name="one_portal_role_per_day",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "library", "date_from"], name="one_library_role_per_day"
            ),
            models.UniqueConstraint(
                fields=["user", "role", "territory", "date_from"], name="one_territory_role_per_day"
            ),
        ]

    def __str__(self) -> str:
        place = self.library or self.territory
        return f"{self.get_role_display()}{f', {place}' if place else ''}"
