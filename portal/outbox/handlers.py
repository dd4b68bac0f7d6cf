"""Sending the letters that were recorded."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

from django.utils.translation import gettext_lazy as _

from portal.outbox.letters import FACT, Letter, NobodyToWriteTo, compose
from portal.outbox.models import Delivery
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles


def _per_key(payload: Payload) -> list[Plan]:
    return [Plan(key=payload["key"], payload=payload)]


@handles(FACT, name="outbox.letter", plan=_per_key, label=_("Letter"))
def send(attempt: Attempt) -> Outcome:
    """Send one letter. An address the mail server refuses for good ends it; all else is tried again."""
    try:
        compose(Letter(**attempt.payload)).send()
    except NobodyToWriteTo:
        return Outcome("nobody to write to", state=Delivery.State.SUPERSEDED)
    except SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if any(code < 500 for code in codes):  # RFC 5321, clause 4.2.1: 4yz may pass later, 5yz never
            raise
        return Outcome(
            "address refused", state=Delivery.State.DEAD, error=f"The mail server answered {codes}."
        )
    return Outcome("sent")
