"""What of platforms waits for the administrator, on the staff's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from lti.reports import waiting
from portal.attention import SHOWN, Concern, Entry, concern

if TYPE_CHECKING:
    from portal.directory.models import User


@concern(order=20)
def waiting_platforms(user: User) -> Concern | None:
    """Name platforms that registered themselves, or launched from a deployment nobody has recognised."""
    if not user.has_perm("lti_tool.change_ltiregistration"):
        return None
    found = waiting()
    return Concern(
        heading=_("Learning platforms that wait for you"),
        total=len(found),
        entries=[Entry(row.name, reverse("platforms:platform", args=[row.pk])) for row in found[:SHOWN]],
        url=reverse("platforms:index"),
    )
