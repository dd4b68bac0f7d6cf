"""How a site's library lets its readers in, and where their questions and searches go."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import quote

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from portal.catalogue.models.resources import is_web_address
from portal.content.models.fields import page_field


@register_setting(icon="key", order=30)
class LibraryAccess(BaseSiteSetting):
    """One set for each site."""

    proxy_prefix = models.CharField(
        _("prefix of the proxy"),
        max_length=300,
        blank=True,
        validators=[is_web_address],
        help_text=_(
            "Put before the address of resources that open through the library’s sign-in, as in "
            "https://ezproxy.biblioteka.lt/login?url="
        ),
    )
    search = page_field(
        _("the library’s own search"),
        _("A resource of the kind “catalogue search”: guides and lists show its search form."),
    )
    fallback_email = models.EmailField(
        _("where questions go that no librarian is named for"),
        blank=True,
        help_text=_("Told of each such question. The questions themselves stand under “Questions”."),
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("proxy_prefix"),
        PageChooserPanel("search", "catalogue.ResourcePage"),
        FieldPanel("fallback_email"),
    ]

    class Meta:
        verbose_name = _("library access")

    @classmethod
    def of(cls, site: Site | None) -> LibraryAccess:
        """Return what is set for ``site``, or what holds while nothing is; reading a page never writes a row."""
        return cls.objects.filter(site=site).first() or cls(site=site)

    def through(self, address: str) -> str:
        """Return ``address`` by way of the proxy; as it is where there is none.

        EZproxy's starting point takes the address as it is after ``url=`` and quoted after ``qurl=``.
        """
        if not self.proxy_prefix:
            return address
        return self.proxy_prefix + (
            quote(address, safe="") if self.proxy_prefix.endswith("qurl=") else address
        )
