"""Tables as CSV that a spreadsheet program opens as data, never as formulas."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

# What a spreadsheet program takes for the beginning of a formula (OWASP, CSV injection), full-width forms too.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
KEPT = {"\n", "\t"}


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def safe_cell(value: Any) -> str:
    """Return ``value`` as text without control characters, marked with an apostrophe where it would be a formula."""
    text = "".join(
        character
        for character in ("" if value is None else str(value))
        if character in KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield a CSV file (RFC 4180) line by line, beginning with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for row in chain([header], rows):
        yield str(writer.writerow([safe_cell(cell) for cell in row]))
