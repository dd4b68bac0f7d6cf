"""What waits for subject librarians, on the staff's home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.attention import SHOWN, Concern, Entry, concern
from portal.catalogue.models import Question

if TYPE_CHECKING:
    from portal.directory.models import User


@concern(order=20)
def unanswered(user: User) -> Concern:
    """Name the questions that wait for this person's answer, the oldest first."""
    waiting = Question.objects.visible_to(user).waiting().order_by("asked_at", "pk")
    return Concern(
        heading=_("Questions that wait for an answer"),
        total=waiting.count(),
        entries=[
            Entry(
                row.subject,
                reverse("questions:answer", args=[row.pk]),
                date_format(localtime(row.asked_at), "SHORT_DATE_FORMAT"),
            )
            for row in waiting[:SHOWN]
        ],
        url=reverse("questions:index"),
    )
