"""Sending the letters that were recorded."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.outbox.letters import FACT, Letter, post
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles


def _per_key(payload: Payload) -> list[Plan]:
    return [Plan(key=payload["key"], payload=payload)]


@handles(FACT, name="outbox.letter", plan=_per_key, label=_("Letter"))
def send(attempt: Attempt) -> Outcome:
    """Send one letter."""
    return post(Letter(**attempt.payload))
