"""Entries of the staff's menu that are shown to whoever may do something there."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry


def shown_with(model: type[Model], *actions: str) -> type[MenuItem]:
    """Return a kind of entry shown to whoever may do any of ``actions`` ("view", "change" …) with ``model``."""

    class PermittedMenuItem(MenuItem):
        def is_shown(self, request: HttpRequest) -> bool:
            policy = policy_registry.get_by_type(model)
            return bool(policy.user_has_any_permission(request.user, actions))

    return PermittedMenuItem
