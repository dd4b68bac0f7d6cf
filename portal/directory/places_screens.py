"""Wagtail's screens of territories, municipalities, libraries and branches, for administrators.

What has people, roles or enrolments standing on it must not go, so nothing is deleted here; names may be changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from portal.directory.models import Branch, Library, Municipality, Territory

NAMES = ("name_lt", "name_en")


class KeepingPolicy(ModelPermissionPolicy):
    """Django's permissions, without deleting."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Whether ``user`` may do this to such records."""
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        """Whether ``user`` may do this to this one."""
        return self.user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Whether ``user`` may do any of these."""
        return any(self.user_has_permission(user, action) for action in actions)


for place in (Territory, Municipality, Library, Branch):
    register_permission_policy(place, KeepingPolicy(place))


class PlaceViewSet(SnippetViewSet):
    """The screens of one kind of place."""

    search_fields: ClassVar[list[str]] = list(NAMES)


class TerritoryViewSet(PlaceViewSet):
    """The territories."""

    model = Territory
    icon = "globe"
    list_display: ClassVar[list[str]] = list(NAMES)
    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in NAMES]


class MunicipalityViewSet(PlaceViewSet):
    """The municipalities."""

    model = Municipality
    icon = "site"
    list_display: ClassVar[list[str]] = [*NAMES, "territory"]
    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in (*NAMES, "territory")]


class LibraryViewSet(PlaceViewSet):
    """The libraries."""

    model = Library
    icon = "home"
    list_display: ClassVar[list[str]] = [*NAMES, "code", "municipality"]
    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in (*NAMES, "code", "city", "municipality")]


class BranchViewSet(PlaceViewSet):
    """The branches."""

    model = Branch
    icon = "thumbtack"
    list_display: ClassVar[list[str]] = [*NAMES, "library"]
    panels: ClassVar[list[Any]] = [FieldPanel(name) for name in (*NAMES, "library")]


class Places(SnippetViewSetGroup):
    """Who belongs where, together in the menu."""

    menu_label = _("Libraries")
    menu_icon = "home"
    menu_order = 360
    items = (TerritoryViewSet, MunicipalityViewSet, LibraryViewSet, BranchViewSet)
