"""A teacher at the picker, and what a link opens whose choice was made here."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiDeployment, LtiResourceLink

from lti.models.once import Once

LIFETIME = timedelta(hours=8)  # as long as the session that a launch begins


def in_eight_hours() -> datetime:
    """Return until when a choice that begins now may be made."""
    return now() + LIFETIME


class Selection(Once):
    """One visit of a teacher to the picker.

    Asked by the platform (LTI Deep Linking 2.0, 3.4.1), the answer goes to ``return_url`` with ``data`` as it came
    (None: there was none), once. With a ``resource_link`` instead, it is a link whose activity nobody chose on the
    platform: the choice is kept here, and may be changed as long as the row is fresh.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="selections")
    deployment = models.ForeignKey(LtiDeployment, on_delete=models.CASCADE, related_name="selections")
    resource_link = models.ForeignKey(
        LtiResourceLink, on_delete=models.CASCADE, null=True, related_name="selections"
    )
    return_url = models.CharField(max_length=2000, blank=True)
    data = models.TextField(null=True)  # noqa: DJ001 (none at all is not the same as an empty one: it is echoed)
    takes_several = models.BooleanField(default=False)
    takes_grades = models.BooleanField(default=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(default=in_eight_hours, db_index=True)

    class Meta:
        verbose_name = _("choice for a platform's course")
        verbose_name_plural = _("choices for platforms' courses")

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"


class PlacedLink(models.Model):
    """What a platform's link opens that names nothing itself: ``item`` as in ``lti.flows.destinations``."""

    resource_link = models.OneToOneField(LtiResourceLink, on_delete=models.CASCADE, related_name="placed")
    item = models.CharField(max_length=40)
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="placed_links"
    )
    chosen_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("link whose activity was chosen here")
        verbose_name_plural = _("links whose activity was chosen here")

    def __str__(self) -> str:
        return f"{self.resource_link}: {self.item}"
