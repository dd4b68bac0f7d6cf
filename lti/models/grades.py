"""Where results go."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiResourceLink, LtiUser

from courses.models import Activity
from portal.directory.models import User


class GradeLineQuerySet(models.QuerySet["GradeLine"]):
    """Questions asked about grade lines."""

    def wanting(self, *, user: User, activity: Activity) -> Self:
        """Return the lines that want the person's result of ``activity`` itself, not of its parts."""
        return self.filter(user=user, activity=activity).exclude(lineitem_url="")

    def claim_timestamp(self, *, pk: int, seen: datetime | None, moment: datetime, delivery_id: int) -> bool:
        """Move the line's clock from ``seen`` to ``moment``; False when somebody else moved it since."""
        return bool(
            self.filter(pk=pk, last_sent_at=seen).update(last_sent_at=moment, last_delivery_id=delivery_id)
        )


class GradeLine(models.Model):
    """Where the result of one person who came by one resource link is to be sent.

    ``lineitem_url`` is the column the platform coupled with the link, empty while it wants no results.
    ``last_sent_at`` is the line's clock: each score carries a later whole second than the one before
    (Assignment and Grade Services 2.0, 3.4.7; Moodle compares whole seconds). ``last_delivery_id``
    says which delivery took that second, so that trying it again sends the very same message.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grade_lines")
    lti_user = models.ForeignKey(LtiUser, on_delete=models.CASCADE, related_name="grade_lines")
    resource_link = models.ForeignKey(LtiResourceLink, on_delete=models.CASCADE, related_name="grade_lines")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="grade_lines")
    lineitem_url = models.CharField(max_length=2000, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True)
    last_delivery_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)

    objects = GradeLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade line")
        verbose_name_plural = _("grade lines")
        constraints = [
            models.UniqueConstraint(
                fields=["lti_user", "resource_link"], name="one_grade_line_per_person_and_link"
            )
        ]
        indexes = [models.Index(fields=["user", "activity"], name="grade_lines_of_a_result")]

    def __str__(self) -> str:
        return f"{self.activity} · {self.resource_link}"
