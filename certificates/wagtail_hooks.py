"""The audit log's words for what happens to certificates."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def certificate_actions(actions: LogActionRegistry) -> None:
    """Name the actions."""
    actions.register_action("certificates.issued", _("Issue certificate"), _("Certificate issued"))
    actions.register_action("certificates.revoked", _("Revoke certificate"), _("Certificate revoked"))
    actions.register_action("certificates.named", _("Give name"), _("Gave the name for certificates"))
