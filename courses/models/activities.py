"""What can be done (an activity, in every language the same one) and what it was on a given day."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Questions asked about activities."""

    def of_page(self, page: Page) -> Self:
        """Return the activity behind ``page``, whichever language the page is in."""
        return self.filter(translation_key=page.translation_key)


class Activity(models.Model):
    """A course, lesson or quiz as something people do. All records of learning hang here, never
    on a page: a page that is moved, translated or deleted must not lose or split results."""

    class Kind(models.TextChoices):
        """What kind of activity it is."""

        COURSE = "course", _("course")
        LESSON = "lesson", _("lesson")
        QUIZ = "quiz", _("quiz")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    translation_key = models.UUIDField(unique=True, editable=False)
    page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("page")
    )
    course = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("course"),
    )
    title = models.CharField(_("title"), max_length=255)  # the source language's, for lists of staff
    created_at = models.DateTimeField(default=now)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")

    def __str__(self) -> str:
        return self.title


class ActivityVersion(models.Model):
    """What an activity was when it was published: its content, frozen and hashed.

    ``payload`` is canonical JSON; ``sha256`` its hash in hexadecimal. ``rendered`` is the HTML made
    from it, once. Rows are never updated: publishing something else makes another row.
    """

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="versions")
    language = models.CharField(_("language"), max_length=10)
    number = models.PositiveIntegerField(_("number"))
    sha256 = models.CharField(max_length=64)
    payload = models.JSONField()
    rendered = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("activity version")
        verbose_name_plural = _("activity versions")
        constraints = [
            models.UniqueConstraint(fields=["activity", "language", "number"], name="version_numbered_once"),
        ]
        indexes = [models.Index(fields=["activity", "language", "-number"], name="latest_version")]

    def __str__(self) -> str:
        return f"{self.activity} {self.language} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; changing a version that exists raises TypeError."""
        if self.pk is not None:
            raise TypeError("A version of an activity is never changed.")
        super().save(*args, **kwargs)
