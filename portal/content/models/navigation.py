"""What stands in the header and at the foot of every page, as the editors arrange it; one set per site."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from portal.content.edition import renew
from portal.content.linking import links
from portal.content.models.fields import page_field

MOST_MAIN, MOST_FOOT = 6, 10  # what fits in one line at 1280 px; what is still read
TRANSLATED = _("In the other language its translation is shown, if there is one.")


@register_setting(icon="list-ul", order=20)
class Navigation(BaseSiteSetting):
    """Links by language. What leads nowhere (a draft, a page the reader may not see) is left out."""

    main_lt = StreamField(links(MOST_MAIN), verbose_name=_("main navigation in Lithuanian"), blank=True)
    main_en = StreamField(links(MOST_MAIN), verbose_name=_("main navigation in English"), blank=True)
    foot_lt = StreamField(links(MOST_FOOT), verbose_name=_("links at the foot in Lithuanian"), blank=True)
    foot_en = StreamField(links(MOST_FOOT), verbose_name=_("links at the foot in English"), blank=True)
    sign_language = page_field(_("page in sign language"), TRANSLATED)
    easy_language = page_field(_("page in easy language"), TRANSLATED)
    statement = page_field(_("accessibility statement"), TRANSLATED)
    privacy = page_field(_("page about people's data"), TRANSLATED)

    panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("main_lt"), FieldPanel("main_en")],
            heading=_("Main navigation"),
            help_text=_("Empty: the pages below the home page that are shown in menus."),
        ),
        MultiFieldPanel([FieldPanel("foot_lt"), FieldPanel("foot_en")], heading=_("Foot of the page")),
        MultiFieldPanel(
            [
                FieldPanel("sign_language"),
                FieldPanel("easy_language"),
                FieldPanel("statement"),
                FieldPanel("privacy"),
            ],
            heading=_("For everybody"),
            help_text=_("What is not chosen is not shown. Accessibility options are always there."),
        ),
    ]

    class Meta:
        verbose_name = _("navigation")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every page know."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            renew()
