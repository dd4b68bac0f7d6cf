"""Marking items of a list as read."""

from __future__ import annotations

from django.db import transaction

from portal.catalogue.models import ReadMark, ResourceListPage
from portal.catalogue.reports import items_of
from portal.directory.models import User


class NoSuchItem(Exception):
    """The list has no item with this identifier."""


@transaction.atomic
def mark(*, page: ResourceListPage, item: str, user: User, read: bool) -> None:
    """Note that ``user`` has read an item, or has not. Doing it twice changes nothing. Raises NoSuchItem."""
    if item not in items_of(page):
        raise NoSuchItem
    key = {"user": user, "list_key": page.translation_key, "item": item}
    if read:
        ReadMark.objects.get_or_create(**key)
    else:
        ReadMark.objects.filter(**key).delete()
