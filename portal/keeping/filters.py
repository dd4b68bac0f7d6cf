"""The filters of the audit log; their state is in the address."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from portal.directory.scope import scope_of

MOST_WORDS = 8
ANY = _("– whichever –")


def actions() -> list[tuple[str, str]]:
    """Return the actions there are entries of, by what staff call them."""
    known = dict(registry.get_choices())
    names = ModelLogEntry.objects.order_by().values_list("action", flat=True).distinct()
    return sorted(((name, capfirst(str(known.get(name, name)))) for name in names), key=lambda row: row[1])


def kinds() -> list[tuple[str, str]]:
    """Return the kinds of records there are entries of."""
    found = ContentType.objects.filter(
        pk__in=ModelLogEntry.objects.order_by().values("content_type").distinct()
    )
    named = [(f"{kind.app_label}.{kind.model}", capfirst(kind.name)) for kind in found]
    return sorted(named, key=lambda row: row[1])


class AuditFilter(django_filters.FilterSet):
    """By person (who did it, or to whom), action, kind and day. Needs the request: who asks decides by what."""

    person = django_filters.CharFilter(label=_("Person"), method="of_person", max_length=100)
    action = django_filters.ChoiceFilter(label=_("Action"), choices=actions, empty_label=ANY)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=kinds, method="of_kind", empty_label=ANY)
    since = django_filters.DateFilter(
        label=_("Since"),
        field_name="timestamp",
        lookup_expr="date__gte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = django_filters.DateFilter(
        label=_("Until"),
        field_name="timestamp",
        lookup_expr="date__lte",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = ModelLogEntry
        fields: list[Any] = []

    def of_person(self, rows: QuerySet[ModelLogEntry], name: str, value: str) -> QuerySet[ModelLogEntry]:
        """Return the entries in whose actor or label every word occurs; administrators find by address, too."""
        columns = ["user__first_name", "user__last_name", "label"]
        if scope_of(self.request.user).everything:
            columns.append("user__email")
        for word in value.replace("\x00", " ").split()[:MOST_WORDS]:
            wanted = Q()
            for spelling in {
                word,
                word.lower(),
                word.title(),
            }:  # SQLite knows no case of letters beyond ASCII
                for column in columns:
                    wanted |= Q(**{f"{column}__icontains": spelling})
            rows = rows.filter(wanted)
        return rows

    def of_kind(self, rows: QuerySet[ModelLogEntry], name: str, value: str) -> QuerySet[ModelLogEntry]:
        """Return the entries about records of one kind."""
        app_label, _dot, model = value.partition(".")
        return rows.filter(content_type__app_label=app_label, content_type__model=model)
