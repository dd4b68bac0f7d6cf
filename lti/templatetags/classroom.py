"""Filters of the class view's templates."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

register = template.Library()


@register.filter
def when(at: datetime | None, form: str) -> SafeString | str:
    """Return a moment in the page's format ``form``, kept on one line: Lithuanian dates have hyphens."""
    if at is None:
        return ""
    local = localtime(at)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, form))
