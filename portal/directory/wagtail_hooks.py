"""What Wagtail's screens of people may not do here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail import hooks

from portal.directory.models import User
from portal.directory.views import people


@hooks.register("before_delete_user")
def keep_person(request: HttpRequest, user: User) -> HttpResponseBase:
    """Refuse to delete a person."""
    return people.refuse_deletion(request)


@hooks.register("before_bulk_action")
def keep_people(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponseBase | None:
    """Refuse to delete people, or to put them into groups past their roles."""
    if action.model is not User:
        return None
    if action_type == "delete":
        return people.refuse_deletion(request)
    return people.refuse_roles(request) if action_type == "assign_role" else None
