"""What the nightly job removed."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class Night(models.Model):
    """One run of the retention rules: ``removed`` says how many of each rule, ``failed`` which rules broke off."""

    began_at = models.DateTimeField(_("began"), default=now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    removed = models.JSONField(default=dict)
    failed = models.JSONField(default=list)

    class Meta:
        verbose_name = _("nightly removal")
        verbose_name_plural = _("nightly removals")
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d}"
