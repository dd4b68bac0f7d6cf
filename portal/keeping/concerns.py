"""What waits for administrators: people who are to be erased."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.permissions import policy_registry

from portal.attention import SHOWN, Concern, Entry, concern
from portal.keeping.models import Erasure
from portal.keeping.words import day_of, decide_by

if TYPE_CHECKING:
    from portal.directory.models import User


@concern(order=7)
def proposed_erasures(user: User) -> Concern | None:
    """Name people whose erasure was asked for from a learning platform, with the day by which to decide."""
    return _people(user, Erasure.State.PROPOSED, _("Erasures to be decided"), decide_by)


@concern(order=8)
def waiting_erasures(user: User) -> Concern | None:
    """Name people whose time to think it over runs, with the day on which they are erased."""
    return _people(
        user, Erasure.State.WAITING, _("People who are to be erased"), lambda row: day_of(row.due_at)
    )


def _people(user: User, state: Erasure.State, heading: str, day: Callable[[Erasure], str]) -> Concern | None:
    policy = policy_registry.get_by_type(Erasure)
    if not policy.user_has_any_permission(user, ["view", "change"]):
        return None
    waiting = Erasure.objects.filter(state=state).select_related("user").order_by("due_at", "pk")
    address = reverse("erasures:index")
    return Concern(
        heading=heading,
        total=waiting.count(),
        entries=[Entry(row.user.display_name, address, day(row)) for row in waiting[:SHOWN]],
        url=address,
    )
