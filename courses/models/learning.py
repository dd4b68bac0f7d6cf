"""Enrolment, what has been done of it, and its completion."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from courses.models.activities import Activity, ActivityVersion
from portal.directory.models import Library, User
from portal.directory.scope import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Questions asked about enrolments."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own enrolments; none for somebody not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return one's own and those of the libraries one answers for."""
        if scope_of(user).everything:
            return self
        own = models.Q(user_id=user.pk)
        return self.filter(own | models.Q(library__in=Library.objects.visible_to(user)))


class Enrolment(models.Model):
    """A person taking a course. It keeps the library the person belonged to then."""

    class Source(models.TextChoices):
        """How the person came to the course."""

        SELF = "self", _("by themselves")
        LAUNCH = "launch", _("from a learning platform")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="enrolments")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    started_at = models.DateTimeField(_("started"), default=now)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [models.UniqueConstraint(fields=["user", "course"], name="enrolled_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class ActivityCompletion(models.Model):
    """A lesson finished or a quiz passed, with the version the learner saw."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="activity_completions")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="+")
    completed_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("completed activity")
        verbose_name_plural = _("completed activities")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="activity_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.activity}"


class CheckResponse(models.Model):
    """The latest answer to a knowledge check inside a lesson; it counts for nothing but the rule
    that a lesson's checks be answered."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="check_responses")
    lesson = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    check_id = models.CharField(max_length=40)
    chosen = models.JSONField(default=list)
    answered_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("answered knowledge check")
        verbose_name_plural = _("answered knowledge checks")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson", "check_id"], name="check_answered_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.check_id}"


class Completion(models.Model):
    """The course completed: an event that is never undone, with its evidence.

    ``evidence`` lists what the completion rests on:
    ``[{"activity": uuid, "kind", "title", "version": sha256, "completed_at", "percent"?}]``.
    ``language`` is the one of the last step; ``course_version`` the course as it was then.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="completion")
    course_version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField()
    completed_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("course completion")
        verbose_name_plural = _("course completions")

    def __str__(self) -> str:
        return f"{self.enrolment} {self.completed_at:%Y-%m-%d}"
