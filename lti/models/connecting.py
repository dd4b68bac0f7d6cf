"""Invitations to connect a platform, and what the latest test of a platform found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiRegistration

CLAIM = timedelta(minutes=3)  # longer than the calls of one registration may take together
MOST_TRIES = 10


class PlatformInvitationQuerySet(models.QuerySet["PlatformInvitation"]):
    """Questions asked about invitations."""

    def open(self, moment: datetime) -> Self:
        """Return those that may still be used."""
        return self.filter(
            used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=moment, tries__lt=MOST_TRIES
        )

    def claim(self, *, digest: str, moment: datetime) -> bool:
        """Take the invitation for one attempt: of any number of callers at a time exactly one gets True.

        The claim of a process that died is free again after CLAIM.
        """
        free = models.Q(claimed_at__isnull=True) | models.Q(claimed_at__lt=moment - CLAIM)
        taken = self.open(moment).filter(free, token_sha256=digest)
        return bool(taken.update(claimed_at=moment, tries=models.F("tries") + 1, last_problem=""))

    def settle(self, *, pk: int, claimed_at: datetime, moment: datetime) -> bool:
        """Use the invitation up; False when the claim was lost, or staff withdrew it meanwhile."""
        mine = self.filter(pk=pk, claimed_at=claimed_at, used_at__isnull=True, withdrawn_at__isnull=True)
        return bool(mine.update(used_at=moment, claimed_at=None))

    def release(self, *, pk: int, claimed_at: datetime, problem: str) -> None:
        """Give the claim back after an attempt that came to nothing, and note why."""
        self.filter(pk=pk, claimed_at=claimed_at).update(claimed_at=None, last_problem=problem[:60])


class PlatformInvitation(models.Model):
    """Leave for one platform to register itself here (1EdTech LTI Dynamic Registration 1.0).

    Whoever has the token may do it, once; only its SHA-256 is kept. ``tries`` bounds what a token can be used for
    to make us call addresses. ``last_problem`` is the code of why the latest attempt failed.
    """

    name = models.CharField(max_length=255)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    approves_itself = models.BooleanField(default=False)
    allow_private_network = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    last_problem = models.CharField(max_length=60, blank=True)
    registration = models.ForeignKey(
        LtiRegistration, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitations"
    )

    objects = PlatformInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation of a platform")
        verbose_name_plural = _("invitations of platforms")

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str:
        """How it stands: used, withdrawn, expired, exhausted or open."""
        if self.used_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        if self.expires_at <= now():
            return "expired"
        return "exhausted" if self.tries >= MOST_TRIES else "open"


class PlatformCheck(models.Model):
    """The latest test of a platform. ``steps``: [{"step", "result", "reason", "detail"}], see ``lti.flows.checking``.

    ``round`` counts the tests, so that a test asked for anew is a work of its own for the outbox.
    """

    registration = models.OneToOneField(
        LtiRegistration, on_delete=models.CASCADE, related_name="check_result"
    )
    round = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=now)
    done_at = models.DateTimeField(null=True, blank=True)
    steps = models.JSONField(default=list)

    class Meta:
        verbose_name = _("test of a platform")
        verbose_name_plural = _("tests of platforms")

    def __str__(self) -> str:
        return f"{self.registration} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def failed(self) -> int:
        """How many steps failed."""
        return sum(step["result"] == "failed" for step in self.steps)
