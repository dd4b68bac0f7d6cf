"""The staff screen, its permissions, and the words of our entries in Wagtail's log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry, LogFormatter

from portal.outbox import reports
from portal.outbox.views import MAY_SEE, DeliveryViewSet


@hooks.register("register_admin_viewset")
def deliveries() -> DeliveryViewSet:
    """Add the screens and their menu item."""
    return DeliveryViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Permission]:
    """Let groups be given the permissions to look at deliveries and to decide about them."""
    names = ["view_delivery", "change_delivery"]
    return Permission.objects.filter(content_type__app_label="outbox", codename__in=names)


class Attention(Component):
    """On the staff's home: what has not arrived. It stands there only while something has not."""

    order = 90
    template_name = "outbox/attention.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return how deliveries stand, to whoever may look at them."""
        request = parent_context["request"]
        may_see = any(request.user.has_perm(f"outbox.{verb}_delivery") for verb in MAY_SEE)
        return {"standing": reports.standing() if may_see else None}


@hooks.register("construct_homepage_panels")
def say_what_needs_attention(request: HttpRequest, panels: list[Any]) -> None:
    """Put it on the staff's home."""
    panels.append(Attention())


class WithReason(LogFormatter):
    """A decision, told with its reason."""

    def format_comment(self, log_entry: Any) -> str:
        return str(log_entry.data.get("reason", ""))


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    """Name what is logged about deliveries."""

    @actions.register_action("outbox.retried")
    class Retried(WithReason):
        label = _("Try delivery again")
        message = _("Delivery put first in line again")

    @actions.register_action("outbox.abandoned")
    class Abandoned(WithReason):
        label = _("Abandon delivery")
        message = _("Delivery abandoned")
