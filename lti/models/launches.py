"""Launches that have begun: what must come back, and to which browser; tickets that take one on to a new tab."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiRegistration

from lti.models.once import Once

LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(minutes=2)  # to read a page and press its button


def in_ten_minutes() -> datetime:
    """Return when a launch that begins now must have come back."""
    return now() + LIFETIME


class LaunchState(Once):
    """One launch between our answer to the login initiation and the platform's message.

    It binds the message to the registration, to the address asked for and, by a secret whose SHA-256
    is kept, to the browser (OpenID Connect Core 3.1.2.1 ``state``, ``nonce``; 1EdTech Security
    Framework 1.0, 5.1.1.1). It works once. The secret is in a cookie or, when ``storage_target`` names a
    frame of the platform's, there (1EdTech LTI postMessage Storage 0.1).
    """

    state = models.CharField(max_length=64, unique=True)
    nonce = models.CharField(max_length=64)
    registration = models.ForeignKey(LtiRegistration, on_delete=models.CASCADE, related_name="launch_states")
    target_link_uri = models.CharField(max_length=2000)
    binding_sha256 = models.CharField(max_length=64)
    storage_target = models.CharField(max_length=255, blank=True, default="")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=in_ten_minutes, db_index=True)

    class Meta:
        verbose_name = _("begun launch")
        verbose_name_plural = _("begun launches")

    def __str__(self) -> str:
        return f"{self.registration} {self.created_at:%Y-%m-%d %H:%M}"


def in_two_minutes() -> datetime:
    """Return until when a ticket that is made now can be used."""
    return now() + TICKET_LIFETIME


class EntryTicket(Once):
    """A finished launch that goes on in a new tab, because no cookie lives in the frame it was made in.

    ``facts`` is what the session keeps of the launch, ``url`` where it leads. The ticket itself, whose SHA-256 is
    kept, stands in one page of ours; it works once and for two minutes. Without a ``user`` nobody is signed in: such a
    launch leads to one page only (``lti.flows.privacy``).
    """

    ticket_sha256 = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    registration = models.ForeignKey(LtiRegistration, on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=2000, blank=True)
    expires_at = models.DateTimeField(default=in_two_minutes, db_index=True)

    class Meta:
        verbose_name = _("ticket into a new tab")
        verbose_name_plural = _("tickets into a new tab")

    def __str__(self) -> str:
        return f"{self.registration} {self.expires_at:%Y-%m-%d %H:%M}"
