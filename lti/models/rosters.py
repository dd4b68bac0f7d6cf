"""Who is in a course of a platform, as its list told us (Names and Role Provisioning Services 2.0)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiContext

UNDER_WAY = timedelta(minutes=3)  # a reading that has told nothing for so long has been lost


class RosterQuerySet(models.QuerySet["Roster"]):
    """Questions asked about lists of participants."""

    def claim_round(self, *, pk: int, seen: int, moment: datetime) -> bool:
        """Begin round ``seen`` + 1; False when somebody else began it."""
        return bool(self.filter(pk=pk, round=seen).update(round=seen + 1, asked_at=moment))

    def of_round(self, *, pk: int, round: int) -> Self:
        """Return the list while this very round has not ended, and no later one has begun."""
        return self.filter(pk=pk, round=round, ended__lt=round)


class Roster(models.Model):
    """The list of one context: when it was read, and what became of the latest attempt.

    ``round`` counts the times it was asked for, so that a reading that comes late changes nothing; ``ended`` is the
    latest round that came to an end. ``read_at`` is when the latest complete reading began, None before one.
    ``problem`` is the code of why the latest attempt failed ("" when it did not), ``detail`` a technical word on it.
    """

    context = models.OneToOneField(LtiContext, on_delete=models.CASCADE, related_name="roster")
    round = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of participants")
        verbose_name_plural = _("lists of participants")

    def __str__(self) -> str:
        return str(self.context)

    @property
    def is_under_way(self) -> bool:
        """Whether a worker is about to read it, or just does."""
        return self.ended < self.round and bool(self.asked_at and self.asked_at > now() - UNDER_WAY)


class RosterMember(models.Model):
    """Somebody on the list of a context, whether they have ever come to us or not.

    ``subject`` is the platform's identifier of the person, the same as ``sub`` in a launch. Of the rest only what the
    class view shows is kept: the name (may be empty) and the role. Whoever is no longer on the list has no row.
    """

    class Role(models.TextChoices):
        """What somebody is in the course, by the list alone; a role seen at launch goes before it."""

        LEARNER = "learner", _("learner")
        TEACHER = "teacher", _("teacher")
        OTHER = "other", _("other")

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="members")
    subject = models.CharField(max_length=255)
    given_name = models.CharField(max_length=150, blank=True)
    family_name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)

    class Meta:
        verbose_name = _("participant on a list")
        verbose_name_plural = _("participants on lists")
        constraints = [models.UniqueConstraint(fields=["roster", "subject"], name="listed_once")]

    def __str__(self) -> str:
        return f"{self.roster} {self.subject}"
