"""The staff's screens, and the words of our entries in Wagtail's log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter

from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.keeping.views.staff import ErasureViewSet


@hooks.register("register_admin_viewset")
def erasures() -> ErasureViewSet:
    """Add the screens and their menu item."""
    return ErasureViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let groups be given the permissions to see erasures and nightly removals, and to carry erasures out."""
    names = ["view_erasure", "add_erasure", "change_erasure", "view_night"]
    return Permission.objects.filter(content_type__app_label="keeping", codename__in=names)


class RetentionMenuItem(MenuItem):
    """Shown to whoever may see what is removed."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("keeping.view_night")


class AuditMenuItem(MenuItem):
    """Shown to whoever may read the audit log."""

    def is_shown(self, request: HttpRequest) -> bool:
        scope = scope_of(request.user)
        return bool(scope.everything or scope.territories)


@hooks.register("register_reports_menu_item")
def retention_item() -> RetentionMenuItem:
    """Add what is removed each night to the reports."""
    return RetentionMenuItem(_("Retention"), reverse("erasures:retention"), icon_name="calendar", order=900)


@hooks.register("register_reports_menu_item")
def audit_item() -> AuditMenuItem:
    """Add the audit log to the reports."""
    return AuditMenuItem(_("Audit log"), reverse("keeping:audit"), icon_name="history", order=910)


@hooks.register("register_user_listing_buttons")
def erase_button(user: User, request_user: User) -> Iterator[Button]:
    """Offer, beside each person, to erase them."""
    if request_user.has_perm("keeping.add_erasure") and user.pk != request_user.pk:
        yield Button(_("Erase"), url=reverse("erasures:new", args=[user.pk]), icon_name="bin", priority=40)


class WithReason(LogFormatter):
    """An act, told with its reason or purpose."""

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason") or log_entry.data.get("purpose") or "")


PLAIN = {
    "keeping.export_asked": (_("Ask for own data"), _("Asked for their data")),
    "keeping.export_downloaded": (_("Download own data"), _("Downloaded their data")),
    "keeping.erasure_cancelled": (_("Withdraw erasure"), _("Erasure withdrawn")),
    "keeping.erasure_approved": (_("Approve erasure"), _("Erasure approved")),
    "keeping.erasure_turned_down": (_("Turn erasure down"), _("Erasure turned down")),
    "keeping.erasure_hastened": (_("Carry erasure out now"), _("Erasure to be carried out at once")),
    "keeping.erasure_refused": (_("Refuse erasure"), _("Erasure refused: the only administrator")),
    "keeping.erasure_done": (_("Erase"), _("Erased")),
    "keeping.signed_in": (_("Sign in"), _("Signed in")),
    "keeping.sign_in_failed": (_("Fail to sign in"), _("Somebody failed to sign in as this person")),
}
REASONED = {
    "keeping.erasure_proposed": (_("Propose erasure"), _("Erasure asked for from a learning platform")),
    "keeping.erasure_asked": (_("Ask for erasure"), _("Erasure asked for")),
    "keeping.audit_exported": (_("Take the audit log away"), _("Audit log downloaded")),
}


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged here."""
    for name, (label, message) in PLAIN.items():
        actions.register_action(name, label, message)
    for name, (label, message) in REASONED.items():
        words = {"label": label, "message": message}
        actions.register_action(name)(type("Reasoned", (WithReason,), words))
