"""The standard page: about the portal, accessibility, privacy, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.search import index

from portal.conf import conf
from portal.content.blocks import BASE_BLOCKS
from portal.content.models.base import ServedPage


@dataclass(frozen=True)
class Chapter:
    """A heading of a page, and where it stands in it."""

    title: str
    anchor: str


class StandardPage(ServedPage):
    """A page of text that is not a lesson; others may stand below it."""

    introduction = models.TextField(
        _("introduction"), blank=True, max_length=600, help_text=_("Set larger, before the rest.")
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture for sharing"),
        help_text=_("Shown where somebody shares the page; without it the portal's own card is."),
    )
    has_contents = models.BooleanField(
        _("show the list of contents"),
        default=False,
        help_text=_("The headings of the page, before its text."),
    )
    body = StreamField(BASE_BLOCKS, verbose_name=_("content"), blank=True)

    content_panels: ClassVar[list[Any]] = [
        *ServedPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("has_contents"), FieldPanel("picture")], heading=_("Look"), icon="view"),
    ]
    search_fields: ClassVar[list[Any]] = [
        *ServedPage.search_fields,
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]
    parent_page_types: ClassVar[list[str]] = [*conf.HOME_PAGES, "content.StandardPage"]
    subpage_types: ClassVar[list[str]] = ["content.StandardPage"]
    page_description = _("A page of text: about the portal, accessibility, help.")

    kind_for_readers = _("page")  # what is standard about it is the editors' concern

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")

    @property
    def card(self) -> Any:
        """The picture to share the page with; a drawing cannot be shared."""
        return self.picture if self.picture is not None and not self.picture.is_svg() else None

    @property
    def chapters(self) -> list[Chapter]:
        """The headings of the page, where it lists its contents."""
        if not self.has_contents:
            return []
        headings = [child.value for child in self.body if child.block_type == "heading" and child.value]
        return [Chapter(title=title, anchor=slugify(title)) for title in headings]
