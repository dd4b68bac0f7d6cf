"""What we know of a platform beyond its registration, and the key we sign with."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import Key, LtiRegistration


class PlatformSettings(models.Model):
    """Our own settings for one registered platform."""

    registration = models.OneToOneField(LtiRegistration, on_delete=models.CASCADE, related_name="settings")
    allow_private_network = models.BooleanField(
        _("may be on a private network"),
        default=False,
        help_text=_("Lets us call this platform over plain HTTP and on private addresses of this network."),
    )
    keep_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Whoever came by this platform alone is erased so long after; empty: not.",
    )
    awaits_approval = models.BooleanField(
        default=False, editable=False, help_text="It registered itself, and nobody here has approved it yet."
    )

    class Meta:
        verbose_name = _("platform settings")
        verbose_name_plural = _("platform settings")

    def __str__(self) -> str:
        return str(self.registration)


class SigningKey(models.Model):
    """What each published key is for: next (announced), signing, or retired (still known to platforms).

    ``slot`` is unique, so of two processes that make the same key at the same moment one loses and
    takes the other's. A retired key has its own slot and no private half any more. Keys are published as long as
    django-lti's ``Key`` is active.
    """

    SIGNING, NEXT, RETIRED = "signing", "next", "retired-"

    slot = models.CharField(max_length=40, unique=True, default=SIGNING)
    key = models.OneToOneField(Key, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")

    def __str__(self) -> str:
        return self.slot
