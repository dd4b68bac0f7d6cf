"""The words of our entries in Wagtail's log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    """Name what may be logged about platforms."""
    actions.register_action("lti.platform_connected", _("Connect platform"), _("Platform connected"))
    actions.register_action("lti.platform_disabled", _("Switch platform off"), _("Platform switched off"))
