"""What lists, search engines and cards say of a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.content.checking.registry import WARNING, Finding, check


@check
def description(page: Any) -> Iterator[Finding]:
    """Find a page that says nothing of itself where it is listed."""
    if page.is_found and not (page.search_description or page.summary).strip():
        yield Finding(
            WARNING,
            _("There is no summary: lists, search results and shared links show the title alone."),
            field="summary",
        )
