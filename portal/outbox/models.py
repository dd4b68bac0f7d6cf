"""The table of deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions asked about deliveries."""

    def pending(self) -> Self:
        """Return those not yet made."""
        return self.filter(state=Delivery.State.PENDING)

    def unclaimed(self, moment: datetime) -> Self:
        """Return pending ones nobody holds a running lease on."""
        free = models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=moment)
        return self.pending().filter(free)

    def due(self, moment: datetime) -> Self:
        """Return unclaimed ones whose time has come and that stand first in their stream.

        Only a *pending* elder blocks: a dead or abandoned one never holds up newer ones.
        """
        elder = Delivery.objects.pending().filter(
            stream=models.OuterRef("stream"), pk__lt=models.OuterRef("pk")
        )
        return (
            self.unclaimed(moment)
            .filter(next_at__lte=moment)
            .filter(models.Q(stream="") | ~models.Exists(elder))
            .order_by("next_at", "pk")
        )


class Delivery(models.Model):
    """One side effect of one recorded fact, for one handler.

    Unique by (handler, key), so recording a fact twice has one effect; ordered within a stream.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        PENDING = "pending", _("waiting")
        SENT = "sent", _("delivered")
        SUPERSEDED = "superseded", _("superseded")
        DEAD = "dead", _("given up")
        ABANDONED = "abandoned", _("abandoned")

    handler = models.CharField(_("handler"), max_length=80)
    key = models.CharField(_("key"), max_length=200)
    stream = models.CharField(_("stream"), max_length=200, blank=True)
    payload = models.JSONField(_("payload"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    streak = models.PositiveIntegerField(_("attempts in a row with the same outcome"), default=0)
    next_at = models.DateTimeField(_("next attempt"), default=now)
    lease_owner = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_status = models.CharField(_("last outcome"), max_length=40, blank=True)
    last_error = models.CharField(_("last error"), max_length=1024, blank=True)
    created_at = models.DateTimeField(_("recorded"), default=now, db_default=Now())
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["handler", "key"], name="one_effect_per_handler_and_key")
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=models.Q(state="pending"), name="pending_by_time"
            ),
            models.Index(
                fields=["stream", "id"], condition=models.Q(state="pending"), name="pending_by_stream"
            ),
            models.Index(fields=["stream", "id"], name="deliveries_of_a_stream"),  # how a grade stands
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.key}"


class Heartbeat(models.Model):
    """When a worker last looked for due deliveries; the staff screen warns when it is long ago."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
