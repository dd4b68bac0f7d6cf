"""Fields that several models are made of, and how a translation takes them."""

from __future__ import annotations

import re
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string
from wagtail_localize.fields import SynchronizedField

COLOUR = re.compile(r"^#[0-9a-f]{6}\Z")
is_colour = RegexValidator(COLOUR, _("Write a colour as # and six of 0–9 and a–f: #14574a."))


def colour_field(name: Any, help_text: Any = "") -> models.CharField:
    """Return a field for a colour, ``#rrggbb`` in small letters; empty for ours."""
    return models.CharField(name, max_length=7, blank=True, validators=[is_colour], help_text=help_text)


def picture_field(name: Any, help_text: Any = "") -> models.ForeignKey:
    """Return a field for a picture that is perhaps there."""
    return _perhaps(get_image_model_string(), name, help_text)


def page_field(name: Any, help_text: Any = "") -> models.ForeignKey:
    """Return a field for a page that is perhaps chosen."""
    return _perhaps("wagtailcore.Page", name, help_text)


def _perhaps(model: str, name: Any, help_text: Any) -> models.ForeignKey:
    return models.ForeignKey(
        model,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=name,
        help_text=help_text,
    )


def same_in_all_languages(*names: str) -> list[SynchronizedField]:
    """Return fields that a translation takes from its source and that cannot be changed there."""
    return [SynchronizedField(name, overridable=False) for name in names]


def from_source(*names: str) -> list[SynchronizedField]:
    """Return fields that a translation takes from its source unless its editor says otherwise."""
    return [SynchronizedField(name) for name in names]
