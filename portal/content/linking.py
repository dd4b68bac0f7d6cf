"""Blocks in which an editor says where something leads: to a page here, or to an address anywhere."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks


def check_address(value: str) -> None:
    """Accept an address elsewhere (http, https) or a path of this portal. Raises ValidationError."""
    if value.startswith("/") and not value.startswith(("//", "/\\")) and value.isprintable():
        return
    URLValidator(schemes=["http", "https"], message=_("Write an address that begins with https:// or /."))(
        value
    )


class LinkBlock(blocks.StructBlock):
    """A link: a page, whose title serves where no other is given, or an address with a title."""

    page = blocks.PageChooserBlock(required=False, label=capfirst(_("page")))
    address = blocks.CharBlock(
        required=False,
        max_length=500,
        validators=[check_address],
        label=capfirst(_("or an address")),
        help_text=_("https://… elsewhere, or /… on this portal."),
    )
    title = blocks.CharBlock(
        required=False,
        max_length=60,
        label=capfirst(_("title")),
        help_text=_("Empty: the title of the page."),
    )

    def clean(self, value: Any) -> Any:
        """Ask for exactly one aim, and for the title of an address."""
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        if bool(value["page"]) == bool(value["address"]):
            message = _("Choose a page or write an address (one of them).")
            raise blocks.StructBlockValidationError(block_errors={"page": ValidationError(message)})
        if value["address"] and not value["title"].strip():
            message = _("Say what the address is called.")
            raise blocks.StructBlockValidationError(block_errors={"title": ValidationError(message)})
        return value

    class Meta:
        icon = "link"
        label = _("Link")


class DoorBlock(LinkBlock):
    """One of the ways in on the home page: for whom or what for, a title, a sentence, and where it leads."""

    title = blocks.CharBlock(required=True, max_length=60, label=capfirst(_("title")))
    eyebrow = blocks.CharBlock(
        max_length=40, label=capfirst(_("above the title")), help_text=_("For whom or what for, in a word.")
    )
    text = blocks.CharBlock(max_length=160, label=capfirst(_("text")))

    class Meta:
        icon = "arrow-right"
        label = _("Door")
        form_layout: ClassVar[list[str]] = ["eyebrow", "title", "text", "page", "address"]


def links(most: int) -> blocks.StreamBlock:
    """Return a list of at most so many links."""
    return blocks.StreamBlock([("link", LinkBlock())], required=False, max_num=most)
