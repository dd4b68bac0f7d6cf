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
from portal.directory.models import Library, Territory, User
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
    """Return the entries ``user`` may read, the newest first: all, or one's own and those about one's territories.

    About a person who works in two territories, each coordinator reads what concerns their own (decision 0010):
    an entry that names a place is shown to whom that place is visible.
    """
    rows = ModelLogEntry.objects.order_by("-timestamp", "-pk").select_related("user", "content_type")
    scope = scope_of(user)
    if scope.everything:
        return rows
    if not scope.territories:
        return rows.none()
    people = User.objects.visible_to(user)
    about = Q(pk__in=[])
    for model, lookup in _personal():
        mine = _visible(model, user).filter(**{f"{lookup}__in": people.values("pk")})
        keys = mine.annotate(key=Cast("pk", CharField())).values("key")
        about |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    return rows.filter(Q(user=user) | about & _in_places_of(user))


def _visible(model: Any, user: User) -> QuerySet[Any]:
    """Return the records of ``model`` that are in the person's scope, where the model has a scope of its own."""
    records = model._default_manager.all()
    for scope in ("visible_to", "shown_to"):
        if hasattr(records, scope):
            scoped: QuerySet[Any] = getattr(records, scope)(user)
            return scoped
    return records


def _in_places_of(user: User) -> Q:
    """Return what entries must meet: they name no place, or one that ``user`` looks after."""
    libraries = Library.objects.visible_to(user).values_list("code", flat=True)
    territories = Territory.objects.filter(pk__in=scope_of(user).territories).values_list("uuid", flat=True)
    at_library = Q(data__library__isnull=True) | Q(data__library__in=list(libraries))
    in_territory = Q(data__territory__isnull=True) | Q(data__territory__in=[str(one) for one in territories])
    return at_library & in_territory


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
