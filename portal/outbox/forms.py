"""The reason for a decision, and the filters of the list."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.widgets import AdminAutoHeightTextInput

from portal.outbox.models import Delivery
from portal.outbox.registry import registry


class ReasonForm(forms.Form):
    """Why a delivery is tried again or let go; kept in the log."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Kept in the log, with your name and the time."),
        widget=AdminAutoHeightTextInput,
    )


def handlers() -> list[tuple[str, str]]:
    """Return all handlers as choices, by what staff call them."""
    return sorted(((name, registry.label(name)) for name in registry.by_name), key=itemgetter(1))


class DeliveryFilterSet(WagtailFilterSet):
    """By state and by handler."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=Delivery.State.choices)
    handler = django_filters.ChoiceFilter(label=_("Handler"), choices=handlers)

    class Meta:
        model = Delivery
        fields: list[Any] = ["state", "handler"]
