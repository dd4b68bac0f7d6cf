"""A person's own data, gathered into one file."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


class ExportQuerySet(models.QuerySet["Export"]):
    """Questions asked about exports."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own; none for somebody not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def waiting(self) -> Self:
        """Return those being made."""
        return self.filter(state=Export.State.WAITING)

    def over(self, moment: datetime) -> Self:
        """Return those made before ``moment`` whose files are still there."""
        return self.filter(state=Export.State.READY, made_at__lt=moment)


class Export(models.Model):
    """One file of everything held of one person; made by a worker, kept for some days.

    ``parts`` counts the sections made, of ``parts_of``; ``path`` is in the storage "private".
    """

    class State(models.TextChoices):
        """Where an export stands."""

        WAITING = "waiting", _("being prepared")
        READY = "ready", _("ready")
        EXPIRED = "expired", _("no longer kept")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    parts = models.PositiveSmallIntegerField(default=0)
    parts_of = models.PositiveSmallIntegerField(default=0)
    path = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(_("asked for"), default=now)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of one's own data")
        verbose_name_plural = _("exports of one's own data")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="waiting"), name="one_export_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d}"
