"""Tables that can be read aloud.

Wagtail has two table blocks. ``TypedTableBlock`` is the one taken: its cells are blocks, so nothing but plain text gets
in, its caption and column headings are part of it, and it is edited with ordinary fields. ``TableBlock`` stands on a
spreadsheet widget that keyboards and screen readers cannot work with, and lets headings be left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import (
    TypedTable,
    TypedTableBlock,
    TypedTableBlockValidationError,
)
from wagtail_localize.segments.types import StringSegmentValue


class GridBlock(TypedTableBlock):
    """The table itself. Translators get its caption, headings and cells, each as a text of its own."""

    text = blocks.CharBlock(required=False, max_length=400, label=_("Text"))
    number = blocks.CharBlock(required=False, max_length=40, label=_("Number"))

    def clean(self, table: TypedTable) -> TypedTable:
        """Ask for what makes a table readable: a caption, headings and a row."""
        table = super().clean(table)
        if self.is_deferred_validation:  # a draft may be unfinished
            return table
        missing = []
        if not table.caption.strip():
            missing.append(_("A table needs a caption that says what it shows."))
        if not table.columns or not table.row_data:
            missing.append(_("A table needs a column and a row."))
        if any(not column["heading"].strip() for column in table.columns):
            missing.append(_("Every column needs a heading."))
        if missing:
            raise TypedTableBlockValidationError(non_block_errors=missing)
        return table

    def get_translatable_segments(self, table: TypedTable) -> list[StringSegmentValue]:
        """Return the texts of the table (wagtail-localize's way to extend it).

        A text is found by its own digest, not by row and column: moving a row loses no translation.
        """
        found: list[StringSegmentValue] = []

        def keep(path: str, text: str) -> str:
            if text.strip():
                found.append(StringSegmentValue(path, text))
            return text

        _each_text(table, keep)
        return found

    def restore_translated_segments(self, table: TypedTable, segments: list[Any]) -> TypedTable:
        """Return the table with each text replaced by its translation."""
        translated = {segment.path: segment.render_text() for segment in segments}
        return _each_text(table, lambda path, text: translated.get(path, text))


def _each_text(table: TypedTable, change: Callable[[str, str], str]) -> TypedTable:
    """Return the table with every text as ``change(path, text)`` gives it."""

    def changed(kind: str, text: str | None) -> str:
        text = text or ""
        return change(f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:12]}", text)

    columns = [column | {"heading": changed("heading", column["heading"])} for column in table.columns]
    rows = [{"values": [changed("cell", value) for value in row["values"]]} for row in table.row_data]
    return TypedTable(columns=columns, row_data=rows, caption=changed("caption", table.caption))


class TableBlock(blocks.StructBlock):
    """A table with its caption and headings; it scrolls within itself where the screen is narrow."""

    table = GridBlock(label=capfirst(_("table")))
    row_headings = blocks.BooleanBlock(
        required=False,
        default=True,
        label=capfirst(_("the first column names the rows")),
        help_text=_("Screen readers then say the row's name with each cell."),
    )

    def clean(self, value: Any) -> Any:
        """Ask for the names of the rows where the first column is to name them."""
        value = super().clean(value)
        rows = value["table"].row_data
        if (
            value["row_headings"]
            and not self.is_deferred_validation
            and any(not str(row["values"][0]).strip() for row in rows)
        ):
            message = _("A row has no name in the first column.")
            raise blocks.StructBlockValidationError(block_errors={"row_headings": ValidationError(message)})
        return value

    class Meta:
        icon = "table"
        label = _("Table")
        label_format = "{table}"  # its mark for row headings would stand for it
        template = "components/blocks/table.html"
