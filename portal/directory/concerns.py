"""What waits for who looks after people, on the staff's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.attention import SHOWN, Concern, Entry, concern
from portal.directory.models import Affiliation

if TYPE_CHECKING:
    from portal.directory.models import User


@concern(order=10)
def waiting_people(user: User) -> Concern:
    """Name people who say that they work at a library of the person's, and wait for its word."""
    waiting = (
        Affiliation.objects.decided_by(user).select_related("user", "library").order_by("declared_at", "pk")
    )
    return Concern(
        heading=_("People who wait for their library's word"),
        total=waiting.count(),
        entries=[
            Entry(
                f"{row.user.display_name}, {row.library}",
                reverse("people_decide", args=[row.uuid]),
                date_format(row.declared_at, "SHORT_DATE_FORMAT"),
            )
            for row in waiting[:SHOWN]
        ],
        url=reverse("people_waiting"),
    )
