"""Where results go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiRegistration, LtiResourceLink, LtiUser

from courses.models import Activity

ASK_AGAIN = timedelta(days=1)  # what was refused is not asked for at every launch
REMEMBERED = timedelta(days=30)


class GradeColumnQuerySet(models.QuerySet["GradeColumn"]):
    """Questions asked about columns."""

    def ask(self, *, pk: int, seen: int, moment: datetime) -> bool:
        """Begin another round of asking; of any number of launches at a time exactly one gets True."""
        rested = models.Q(asked_at__isnull=True) | models.Q(asked_at__lt=moment - ASK_AGAIN)
        mine = self.filter(rested, pk=pk, round=seen)
        return bool(mine.update(round=models.F("round") + 1, asked_at=moment))

    def in_trouble(self, registration: LtiRegistration) -> Self:
        """Return the platform's columns of late that results are missing from, the newest first."""
        others = GradeLine.objects.filter(
            resource_link=models.OuterRef("resource_link"), activity=models.OuterRef("activity")
        ).exclude(models.Q(lineitem_url="") | models.Q(lineitem_url=models.OuterRef("lineitem_url")))
        found = self.filter(resource_link__context__deployment__registration=registration)
        missing = found.exclude(problem="").exclude(models.Exists(others))
        return missing.filter(noted_at__gt=now() - REMEMBERED).order_by("-noted_at", "-pk")


class GradeColumn(models.Model):
    """The column of a link that names none at launches although its activity has a result: looked for, or made by us.

    One for each activity of a link; a link belongs to one context of one deployment, so platforms never share one.
    ``lineitem_url`` is empty until there is one. ``problem`` is a code of why there is none, or how the latest attempt
    ended: NOT_GRANTED, NO_CONTAINER, OTHERS, GONE, or what the platform answered ("http 403"). ``round`` counts how
    often it was asked for, ``noted_at`` is when the latest of this was learnt.
    Source: Assignment and Grade Services 2.0, 3.2.
    """

    NOT_GRANTED, NO_CONTAINER, OTHERS, GONE = "not_granted", "no_container", "others", "gone"

    resource_link = models.ForeignKey(LtiResourceLink, on_delete=models.CASCADE, related_name="grade_columns")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="grade_columns")
    container_url = models.CharField(max_length=2000, blank=True)
    lineitem_url = models.CharField(max_length=2000, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    round = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(default=now)

    objects = GradeColumnQuerySet.as_manager()

    class Meta:
        verbose_name = _("grade column")
        verbose_name_plural = _("grade columns")
        constraints = [
            models.UniqueConstraint(
                fields=["resource_link", "activity"], name="one_grade_column_per_link_and_activity"
            )
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.resource_link}"


class GradeLineQuerySet(models.QuerySet["GradeLine"]):
    """Questions asked about grade lines."""

    def claim_timestamp(self, *, pk: int, seen: datetime | None, moment: datetime, delivery_id: int) -> bool:
        """Move the line's clock from ``seen`` to ``moment``; False when somebody else moved it since."""
        return bool(
            self.filter(pk=pk, last_sent_at=seen).update(last_sent_at=moment, last_delivery_id=delivery_id)
        )


class GradeLine(models.Model):
    """Where the result of one person who came by one resource link is to be sent.

    ``lineitem_url`` is the column the platform coupled with the link, or else ``column``'s; empty while there is none.
    ``last_sent_at`` is the line's clock: each score carries a later whole second than the one before
    (Assignment and Grade Services 2.0, 3.4.7; Moodle compares whole seconds). ``last_delivery_id``
    says which delivery took that second, so that trying it again sends the very same message.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grade_lines")
    lti_user = models.ForeignKey(LtiUser, on_delete=models.CASCADE, related_name="grade_lines")
    resource_link = models.ForeignKey(LtiResourceLink, on_delete=models.CASCADE, related_name="grade_lines")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="grade_lines")
    lineitem_url = models.CharField(max_length=2000, blank=True)
    column = models.ForeignKey(
        GradeColumn, on_delete=models.SET_NULL, null=True, blank=True, related_name="lines"
    )
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
