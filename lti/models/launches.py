"""Launches that have begun: what must come back, and to which browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiRegistration

LIFETIME = timedelta(minutes=10)


def in_ten_minutes() -> datetime:
    """Return when a launch that begins now must have come back."""
    return now() + LIFETIME


class LaunchStateQuerySet(models.QuerySet["LaunchState"]):
    """Questions asked about launches that have begun."""

    def usable(self, moment: datetime) -> Self:
        """Return those neither used nor expired."""
        return self.filter(used_at__isnull=True, expires_at__gt=moment)

    def consume(self, *, pk: int, moment: datetime) -> bool:
        """Use the launch up. One conditional UPDATE: of any number of callers exactly one gets True."""
        return bool(self.usable(moment).filter(pk=pk).update(used_at=moment))


class LaunchState(models.Model):
    """One launch between our answer to the login initiation and the platform's message.

    It binds the message to the registration, to the address asked for and, by a cookie whose SHA-256
    is kept, to the browser (OpenID Connect Core 3.1.2.1 ``state``, ``nonce``; 1EdTech Security
    Framework 1.0, 5.1.1.1). It works once.
    """

    state = models.CharField(max_length=64, unique=True)
    nonce = models.CharField(max_length=64)
    registration = models.ForeignKey(LtiRegistration, on_delete=models.CASCADE, related_name="launch_states")
    target_link_uri = models.CharField(max_length=2000)
    binding_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=in_ten_minutes, db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = LaunchStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("begun launch")
        verbose_name_plural = _("begun launches")

    def __str__(self) -> str:
        return f"{self.registration} {self.created_at:%Y-%m-%d %H:%M}"
