"""How a credential is put in words, in the language that is active."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext

from certificates.models import Credential

# (first day, last day): within one month, within one year
SPANS = {
    "lt": (("Y \\m. E j", "j \\d."), ("Y \\m. E j \\d.", "E j \\d.")),
    "en": (("j", "j F Y"), ("j F", "j F Y")),
}


def day(iso: str) -> str:
    """Return the ISO date in words, kept together on one line."""
    return _together(date_format(date.fromisoformat(iso), "DATE_FORMAT"))


def period(first: str, last: str) -> str:
    """Return the span of two ISO dates without saying anything twice: 2026 m. spalio 6–27 d."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return day(last)
    month, year = SPANS[get_language() or "lt"]
    if (start.year, start.month) == (end.year, end.month):
        return _together(f"{date_format(start, month[0])}–{date_format(end, month[1])}")
    if start.year == end.year:
        return f"{_together(date_format(start, year[0]))} – {_together(date_format(end, year[1]))}"
    return f"{day(first)} – {day(last)}"


def period_of(frozen: dict[str, Any]) -> str:
    """Return the period of a snapshot; nothing where it is but the day of issue."""
    first, last = frozen["period_from"], frozen["period_to"]
    return "" if first == last == frozen["issued_on"] else period(first, last)


def hours(number: int) -> str:
    """Return the workload in academic hours (45 minutes each)."""
    return _together(ngettext("%(n)s academic hour", "%(n)s academic hours", number) % {"n": number})


def initials(credential: Credential) -> str:
    """Return the holder's initials, the masked form of the name: «Ž. Š.»."""
    surname = str(credential.snapshot["surname"])
    return f"{credential.holder_name[:1]}. {surname[:1]}." if credential.holder_name else ""


def fold(text: str) -> str:
    """Return ``text`` for comparing names: no case, no diacritics, hyphens as spaces."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters.casefold()).split())


def _together(text: str) -> str:
    return text.replace(" ", "\u00a0")
