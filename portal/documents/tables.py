"""Tables as CSV that a spreadsheet program opens as data, never as formulas."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

# What a spreadsheet program takes for a formula (OWASP, CSV injection), full-width forms too, wherever it may see a
# cell begin: Excel in a Lithuanian setting parts them at semicolons, whatever quotes stand around.
FORMULA = re.compile(r"""(^|[;,\t\r\n])(?=[\s"]*[=+\-@＝＋－＠])""")
KEPT = {"\n", "\t"}


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


def safe_cell(value: Any) -> str:
    """Return ``value`` as text without control characters, with an apostrophe wherever a formula would begin."""
    text = "".join(
        character
        for character in ("" if value is None else str(value))
        if character in KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
    marked = FORMULA.sub(r"\1'", text)
    return f"'{marked}" if marked[:1] in KEPT else marked


def csv_lines(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Yield a CSV file (RFC 4180) line by line, beginning with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(Echo())
    yield "\ufeff"
    for row in chain([header], rows):
        yield str(writer.writerow([safe_cell(cell) for cell in row]))
