"""The audit log: who did what to whom, within what one may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from portal.custody import custody
from portal.directory.models import User
from portal.directory.scope import scope_of

OURS = {"directory", "courses", "certificates", "keeping"}  # apps whose records are people's, and are logged


@dataclass(frozen=True)
class Line:
    """One entry, in words."""

    when: datetime
    who: str
    action: str
    whom: str
    kind: str
    comment: str


def may_read(user: User | AnonymousUser) -> bool:
    """Whether the person reads any of the audit log: administrators all, territory coordinators their own part."""
    scope = scope_of(user)
    return scope.everything or bool(scope.territories)


def entries(user: User) -> QuerySet[ModelLogEntry]:
    """Return the entries ``user`` may read, the newest first: all, or those by or about people of one's territories."""
    rows = ModelLogEntry.objects.order_by("-timestamp", "-pk").select_related("user", "content_type")
    scope = scope_of(user)
    if scope.everything:
        return rows
    if not scope.territories:
        return rows.none()
    people = User.objects.visible_to(user)
    seen = Q(user__in=people)
    for model, lookup in _personal():
        mine = model._base_manager.filter(**{f"{lookup}__in": people.values("pk")})
        keys = mine.annotate(key=Cast("pk", CharField())).values("key")
        seen |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return rows.filter(seen)


def _personal() -> Iterator[tuple[Any, str]]:
    """Yield the models of ours that belong to people, with the lookup that leads to the person."""
    for holding in custody.in_order():
        for label, lookup in holding.records.items():
            if label.partition(".")[0] in OURS and "_" not in label:
                yield apps.get_model(label), lookup


def line(entry: ModelLogEntry) -> Line:
    """Return an entry in words."""
    person = entry.user
    return Line(
        when=entry.timestamp,
        who=person.display_name if person else capfirst(_("the portal itself")),
        action=str(entry.message),
        whom=str(entry.label),
        kind=capfirst(str(entry.object_verbose_name)),
        comment=str(entry.comment),
    )
