"""Fields several of our pages have."""

from __future__ import annotations

from typing import Any

from django.db import models


def page_or_none(name: Any, help_text: Any = "") -> models.ForeignKey:
    """Return a field for a page that is perhaps chosen; its kind is asked for by the panel."""
    return models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=name,
        help_text=help_text,
    )
