"""The register: numbers without gaps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Register(models.Model):
    """One year's book of one series. Its row is locked while a number is drawn from it, and the
    number is drawn in the transaction that writes the credential: a failure leaves no gap."""

    series = models.CharField(_("series"), max_length=10)
    year = models.PositiveSmallIntegerField(_("year"))
    last_number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_register_a_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}"

    def number(self) -> str:
        """The last number drawn, as it is printed: series, year and six digits."""
        return f"{self.series}-{self.year}-{self.last_number:06d}"
