"""Attempts at quizzes and their answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from courses.models.activities import Activity, ActivityVersion
from courses.models.learning import Enrolment

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


class AttemptQuerySet(models.QuerySet["Attempt"]):
    """Questions asked about attempts."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own attempts; none for somebody not signed in."""
        return self.filter(enrolment__user=user) if user.is_authenticated else self.none()

    def running(self) -> Self:
        """Return those not finished."""
        return self.filter(state=Attempt.State.RUNNING)

    def counted(self) -> Self:
        """Return finished ones that count for a grade (a teacher's preview does not)."""
        return self.filter(state=Attempt.State.FINISHED, preview=False)

    def overdue(self, moment: datetime) -> Self:
        """Return running ones whose deadline has passed."""
        return self.running().filter(deadline__lt=moment)


class Attempt(models.Model):
    """One attempt at a quiz, at the version it began with."""

    class State(models.TextChoices):
        """Where an attempt stands."""

        RUNNING = "running", _("in progress")
        FINISHED = "finished", _("finished")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attempts")
    quiz = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(ActivityVersion, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    preview = models.BooleanField(_("preview by a teacher"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    seed = models.CharField(_("shuffling seed"), max_length=32)
    started_at = models.DateTimeField(_("started"), default=now)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("right answers shown"), null=True, blank=True)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=3, null=True, blank=True)
    points_max = models.DecimalField(
        _("points at most"), max_digits=8, decimal_places=3, null=True, blank=True
    )

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "quiz", "preview", "number"], name="attempt_numbered_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "quiz"], condition=models.Q(state="running"), name="one_running_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.quiz} {self.number}"

    @property
    def fraction(self) -> float | None:
        """The result as a share of the points to be had, 0 to 1; None before the end."""
        if self.points is None or not self.points_max:
            return None
        return float(self.points / self.points_max)


class Answer(models.Model):
    """The latest answer to one item of an attempt.

    ``response`` is a list of option ids, or a one-item list with the text typed. ``seq`` rises with
    every save the learner's page makes, so a save that arrives late never overwrites a newer one.
    ``fraction`` (0 to 1) is set when the attempt ends.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    item_id = models.CharField(max_length=40)
    response = models.JSONField(default=list)
    flagged = models.BooleanField(default=False)
    seq = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(default=now)
    fraction = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["attempt", "item_id"], name="one_answer_per_item")]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.item_id}"
