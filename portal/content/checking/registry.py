"""The registry of checks, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import override
from wagtail.models import Page

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Finding:
    """Something to mend: how grave it is, in a sentence, and where (a field, and a block of it, where there is one)."""

    level: str
    text: str
    field: str = ""
    block: str = ""
    index: int | None = None

    @property
    def is_error(self) -> bool:
        """Whether it keeps the page from being published."""
        return self.level == ERROR


class Unfinished(ValidationError):
    """The page may not be published yet. ``page`` is the page; the messages say why, by field."""

    def __init__(self, page: Page, reasons: dict[str, Any]) -> None:
        super().__init__(reasons)
        self.page = page


Check = Callable[[Any], Iterator[Finding]]
_checks: list[Check] = []


def check(function: Check) -> Check:
    """Register the decorated check: it takes a page (specific, perhaps not saved) and yields what it finds."""
    _checks.append(function)
    return function


def findings_of(page: Page) -> list[Finding]:
    """Return all that the checks find in ``page``, the errors first; what is rendered is in the page's language."""
    found = [finding for function in _checks for finding in function(page)]
    return sorted(found, key=lambda finding: not finding.is_error)


def errors_of(page: Page) -> list[Finding]:
    """Return what keeps ``page`` from being published."""
    return [finding for finding in findings_of(page) if finding.is_error]


def rendering_of(page: Page) -> override:
    """Return the context in which blocks of ``page`` are rendered as its readers see them."""
    return override(page.locale.language_code)
