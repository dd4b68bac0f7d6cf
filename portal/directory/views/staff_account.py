"""Wagtail's screen of one's own account, without what has rules of its own here."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, AvatarSettingsPanel, NameEmailSettingsPanel


class StaffAccountView(AccountView):
    """How Wagtail's screens look and speak.

    Names are changed on one's profile, where the rule about them is kept (``flows.profile``); pictures of people
    are shown nowhere, so none are taken.
    """

    left_out: ClassVar[tuple[type, ...]] = (NameEmailSettingsPanel, AvatarSettingsPanel)

    def get_panels(self) -> list[Any]:
        """Return Wagtail's panels but those left out; what is posted to them is read by nobody."""
        return [panel for panel in super().get_panels() if not isinstance(panel, self.left_out)]


screen = require_admin_access(StaffAccountView.as_view())
