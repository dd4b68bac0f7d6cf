"""How deliveries stand, for the staff screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Min
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import get_language
from wagtail.models import ModelLogEntry

from portal.outbox.letterhead import letterhead
from portal.outbox.models import Delivery, Heartbeat
from portal.outbox.registry import registry

STUCK_AFTER = timedelta(minutes=15)
SILENT_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Standing:
    """Deliveries by state, how long the oldest has waited, how long ago a worker last looked.

    ``oldest`` is None when nothing waits, ``beat`` when no worker has ever looked.
    """

    counts: list[tuple[str, str, int]]  # state, its name, how many
    oldest: timedelta | None
    beat: timedelta | None

    @property
    def is_stuck(self) -> bool:
        """Whether something has waited for too long."""
        return self.oldest is not None and self.oldest > STUCK_AFTER

    @property
    def is_silent(self) -> bool:
        """Whether no worker is at work."""
        return self.beat is None or self.beat > SILENT_AFTER

    @property
    def needs_attention(self) -> bool:
        """Whether somebody should look at the deliveries."""
        return bool(self.dead or self.is_stuck or self.is_silent)

    @property
    def dead(self) -> int:
        """How many have been given up."""
        return sum(number for state, _name, number in self.counts if state == Delivery.State.DEAD)


def standing() -> Standing:
    """Return how deliveries stand now (three queries)."""
    moment = now()
    numbers = dict(Delivery.objects.order_by().values_list("state").annotate(Count("pk")))
    oldest = Delivery.objects.pending().aggregate(oldest=Min("created_at"))["oldest"]
    beat = Heartbeat.objects.aggregate(beat=Min("beat_at"))["beat"]
    return Standing(
        counts=[(state.value, str(state.label), numbers.get(state.value, 0)) for state in Delivery.State],
        oldest=moment - oldest if oldest else None,
        beat=moment - beat if beat else None,
    )


def decisions(delivery: Delivery) -> list[ModelLogEntry]:
    """Return what people decided about the delivery, the newest first."""
    return list(ModelLogEntry.objects.for_instance(delivery).select_related("user").order_by("-timestamp"))


def describe(deliveries: Iterable[Any]) -> None:
    """Give each delivery ``about`` (a letter's subject, else what its handler is called) and ``person``, by name.

    One query for all people. Nothing else of a payload is shown.
    """
    rows = list(deliveries)
    keys = {row.pk: row.payload.get("user_id") for row in rows}
    people = get_user_model()._default_manager.in_bulk({key for key in keys.values() if isinstance(key, int)})
    portal = letterhead(get_language() or "").name
    for row in rows:
        person: Any = people.get(keys[row.pk])
        row.person = person.display_name if person is not None else ""
        row.about = _subject(row.payload, portal) or registry.label(row.handler)


def _subject(payload: dict[str, Any], portal: str) -> str:
    """Return the subject of a letter, as it stands in the language of whoever looks; empty for what is none."""
    if "template" not in payload:
        return ""
    try:
        words = {**payload.get("context", {}), "portal": portal}
        return " ".join(render_to_string(f"mail/{payload['template']}.subject.txt", words).split())
    except TemplateDoesNotExist:  # of a former release
        return ""
