"""Who issues and signs: one set of settings per site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from portal.content.models import Branding


@register_setting(icon="clipboard-list")
class CertificateSettings(BaseSiteSetting):
    """The issuer and the signatory printed on certificates from now on; issued ones keep theirs.

    Where nothing is filled in, the site's own name issues and nobody signs.
    """

    issuer_lt = models.CharField(_("issuer in Lithuanian"), max_length=120, blank=True)
    issuer_en = models.CharField(_("issuer in English"), max_length=120, blank=True)
    city_lt = models.CharField(_("place in Lithuanian"), max_length=60, blank=True)
    city_en = models.CharField(_("place in English"), max_length=60, blank=True)
    signatory_name = models.CharField(_("signatory's name"), max_length=80, blank=True)
    signatory_position_lt = models.CharField(
        _("signatory's position in Lithuanian"), max_length=80, blank=True
    )
    signatory_position_en = models.CharField(_("signatory's position in English"), max_length=80, blank=True)

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("issuer_lt"), FieldPanel("issuer_en")]),
                FieldRowPanel([FieldPanel("city_lt"), FieldPanel("city_en")]),
            ],
            heading=_("Issuer"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("signatory_name"),
                FieldRowPanel([FieldPanel("signatory_position_lt"), FieldPanel("signatory_position_en")]),
            ],
            heading=_("Signatory"),
            help_text=_("Left empty, no signature line is printed."),
        ),
    ]

    class Meta:
        verbose_name = _("certificates")

    def portal_name(self, language: str) -> str:
        """Return what the portal is called on the site, in ``language``."""
        branding = Branding.objects.filter(site=self.site).first() or Branding(site=self.site)
        return branding.portal_name(language)

    def in_language(self, language: str) -> dict[str, str]:
        """Return what a certificate in ``language`` says of its issuer and signatory."""

        def best(name: str) -> str:
            other = "lt" if language == "en" else "en"
            return str(getattr(self, f"{name}_{language}", "") or getattr(self, f"{name}_{other}"))

        portal = self.portal_name(language)
        return {
            "issuer": best("issuer") or portal,
            "place": best("city"),
            "portal": portal,
            "signatory_name": self.signatory_name,
            "signatory_position": best("signatory_position"),
        }
