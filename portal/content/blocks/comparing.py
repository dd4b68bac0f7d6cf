"""Things side by side."""

from __future__ import annotations

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.content.blocks.prose import PLAIN, TWO

COLUMN = ["bold", "italic", "link", "ul", "ol"]


class ColumnBlock(blocks.StructBlock):
    """One of the things compared."""

    heading = blocks.CharBlock(max_length=80, label=capfirst(_("heading")))
    text = blocks.RichTextBlock(features=COLUMN, label=capfirst(_("text")))


class ComparisonBlock(blocks.StructBlock):
    """Two or three things side by side; one below the other where the screen is narrow."""

    title = blocks.CharBlock(
        max_length=120,
        label=capfirst(_("title")),
        help_text=_("What is compared; it stands above the columns."),
    )
    columns = blocks.ListBlock(ColumnBlock(), min_num=2, max_num=3, default=TWO, label=capfirst(_("columns")))
    remark = blocks.RichTextBlock(
        required=False, features=PLAIN, label=capfirst(_("remark")), help_text=_("What follows from it.")
    )

    class Meta:
        icon = "grip"
        label = _("Comparison")
        label_format = "{title}"
        template = "components/blocks/comparison.html"
