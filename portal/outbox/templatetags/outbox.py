"""Filters of the staff screen of deliveries."""

from __future__ import annotations

from datetime import timedelta

from django import template
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def age(span: timedelta | None) -> str:
    """Return ``span`` in words: seconds up to two minutes, then the two largest units."""
    if span is None:
        return ""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 120:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    moment = now()
    return timesince(moment - span, moment)
