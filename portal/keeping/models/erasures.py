"""A person's wish to be forgotten, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


class ErasureQuerySet(models.QuerySet["Erasure"]):
    """Questions asked about erasures."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own; none for somebody not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()

    def open(self) -> Self:
        """Return those that are still to be carried out; what nobody has decided yet is not among them."""
        return self.filter(state__in=[Erasure.State.WAITING, Erasure.State.RUNNING])

    def through(self, key: str) -> Self:
        """Return those that were wished by this way and are not over."""
        states = [Erasure.State.PROPOSED, Erasure.State.WAITING, Erasure.State.RUNNING]
        return self.filter(asked_through=key, state__in=states)

    def came_back(self) -> Self:
        """Return those of people who had not come for long, and did since it was decided."""
        away = [Erasure.Cause.DORMANT, Erasure.Cause.AWAY]
        return self.filter(cause__in=away, user__last_login__gt=models.F("asked_at"))

    def due(self, moment: datetime) -> Self:
        """Return those whose time to think it over has passed."""
        return self.filter(state=Erasure.State.WAITING, due_at__lte=moment)


class Erasure(models.Model):
    """One erasure, from the wish to the receipt. Nothing here names the person once it is done.

    ``person_sha256`` is the hash of the person's identifier of then, by which a restored copy of them is known;
    ``counts`` says how many records of each holding were erased. ``reason`` is the administrator's, while it waits;
    of one that is proposed, who proposes it, and ``due_at`` is the day by which it is to be decided. While it is not
    over, ``asked_through`` is the key of who passed the wish on (``portal.custody.Custody.origin_of``).
    """

    class State(models.TextChoices):
        """Where an erasure stands."""

        PROPOSED = "proposed", _("to be decided")
        WAITING = "waiting", _("waiting")
        CANCELLED = "cancelled", _("withdrawn")
        RUNNING = "running", _("being carried out")
        DONE = "done", _("done")
        REFUSED = "refused", _("turned down")

    class Cause(models.TextChoices):
        """Why somebody is erased."""

        WISH = "wish", _("the person's wish")
        STAFF = "staff", _("an administrator, for the person")
        DORMANT = "dormant", _("nobody came back")
        AWAY = "away", _("not seen again in the platform's term")
        PLATFORM = "platform", _("asked for from a learning platform")
        RESTORED = "restored", _("a restored backup brought them back")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="erasures", verbose_name=_("person")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices, default=Cause.WISH)
    asked_at = models.DateTimeField(_("asked for"), default=now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_through = models.CharField(max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    person_sha256 = models.CharField(max_length=64, blank=True)
    counts = models.JSONField(default=dict)
    letter = models.CharField(_("letter"), max_length=40, blank=True)  # how sending the receipt ended

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_open_erasure",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(state="proposed"), name="one_proposed_erasure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uuid.hex[:8]}"
