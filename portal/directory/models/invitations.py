"""Invitations to a library, as they were typed, until somebody accepts them."""

from __future__ import annotations

import uuid
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.directory.models.people import User
from portal.directory.models.places import Branch, Library


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions asked about invitations."""

    def sent_to(self, user: User) -> Self:
        """Return those sent to the address that ``user`` has proved theirs."""
        return self.filter(email=(user.email or "").lower()) if user.email_verified_at else self.none()

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """Return those to libraries whose people ``user`` confirms and invites."""
        return self.filter(library__in=Library.objects.decided_by(user))


class Invitation(models.Model):
    """An address that was invited to a library, with the name that was typed there.

    Whether the address has an account, whose, and what another library typed, is not to be seen here: the row is the
    same in any case, and is gone once accepted. ``person`` is who is written to, and is shown to nobody.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="invitations")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="invitations")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True)
    email = models.EmailField(_("e-mail address"))  # in small letters
    first_name = models.CharField(_("first name"), max_length=150)
    last_name = models.CharField(_("last name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(_("invited"), default=now)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["library", "email"], name="one_invitation_per_library_and_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.library}"
