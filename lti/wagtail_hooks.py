"""The administrator's screens, their permissions, and the words of our entries in Wagtail's log."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

from lti.views.connecting import PlatformViewSet
from lti.views.unmatched import UnmatchedViewSet


@hooks.register("register_admin_viewset")
def platforms() -> PlatformViewSet:
    """Add the screens and their menu item."""
    return PlatformViewSet()


@hooks.register("register_admin_viewset")
def unmatched_courses() -> UnmatchedViewSet:
    """Add the list of courses that no rule fits, and its menu item."""
    return UnmatchedViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let groups be given the permissions to see, connect and decide about platforms."""
    names = [f"{verb}_ltiregistration" for verb in ("view", "add", "change")]
    return Permission.objects.filter(content_type__app_label="lti_tool", codename__in=names)


ABOUT_CONNECTING = [
    ("platform_invited", _("Invite platform"), _("Invitation of a platform made")),
    ("invitation_withdrawn", _("Withdraw invitation"), _("Invitation of a platform withdrawn")),
    ("platform_registered", _("Register"), _("Platform registered itself")),
    ("platform_approved", _("Approve platform"), _("Platform approved")),
    ("platform_renamed", _("Rename platform"), _("Platform renamed")),
    ("private_network", _("Change private network"), _("Private network allowed or forbidden")),
    (
        "platform_retention",
        _("Change how long people are kept"),
        _("How long a platform's people are kept changed"),
    ),
    ("deployment_recognised", _("Recognise deployment"), _("Deployment recognised")),
    ("deployment_refused", _("Refuse deployment"), _("Deployment refused")),
    ("platform_tested", _("Test platform"), _("Platform tested")),
    ("key_rotated", _("Change signing key"), _("Signing key changed")),
    ("account_joined", _("Join accounts"), _("Account joined with a person of a platform")),
    ("account_parted", _("Part accounts"), _("Account parted from a person of a platform")),
    ("key_withdrawn", _("Withdraw key"), _("Key withdrawn")),
]


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what may be logged about platforms."""
    actions.register_action("lti.platform_connected", _("Connect platform"), _("Platform connected"))
    actions.register_action("lti.platform_disabled", _("Switch platform off"), _("Platform switched off"))
    for name, label, message in ABOUT_CONNECTING:
        actions.register_action(f"lti.{name}", label, message)
