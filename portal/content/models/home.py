"""The home page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from portal.content.linking import DoorBlock
from portal.content.models.base import ServedPage


class HomePage(ServedPage):
    """The front door: one sentence, then the ways in. What stands on it is put together by the
    composition root, which alone knows all apps."""

    opening = models.CharField(
        _("opening"), max_length=80, help_text=_("The one sentence a visitor sees first, set large.")
    )
    doors = StreamField(
        [("door", DoorBlock())],
        verbose_name=_("doors"),
        blank=True,
        max_num=3,
        help_text=_("The ways in, three at most. Empty: the courses, one's own learning, certificates."),
    )

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("opening"),
        FieldPanel("doors"),
    ]
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    max_count = 2  # one in each language
    page_description = _("The front door of the portal in one language.")

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
