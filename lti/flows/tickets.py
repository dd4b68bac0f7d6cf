"""Tickets: a launch made in a frame where no cookie lives goes on in a new tab, signed in.

A ticket is a secret of one page of ours, kept as its SHA-256; it works once, for two minutes, and only from that page
(the view looks to that). It holds what the session would have kept.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.utils.timezone import now
from lti_tool.models import LtiRegistration

from lti.flows.errors import NotAdmitted, NotConnected, UsedUp
from lti.flows.initiation import fingerprint
from lti.flows.text import is_identifier
from lti.models import EntryTicket
from portal.directory.models import User


def issue(*, user: User | None, registration: LtiRegistration, facts: dict[str, Any], url: str) -> str:
    """Return a new ticket for somebody whose launch went through; without ``user`` nobody is signed in by it."""
    ticket = secrets.token_urlsafe(32)
    EntryTicket.objects.create(
        ticket_sha256=fingerprint(ticket), user=user, registration=registration, facts=facts, url=url
    )
    return ticket


def redeem(*, ticket: str) -> EntryTicket:
    """Use a ticket up and return what it held. Raises UsedUp, NotConnected, NotAdmitted."""
    if not is_identifier(ticket, 64):
        raise UsedUp("ticket_missing")
    row = (
        EntryTicket.objects.filter(ticket_sha256=fingerprint(ticket))
        .select_related("user", "registration")
        .first()
    )
    if row is None:
        raise UsedUp("ticket_unknown")
    if not EntryTicket.objects.all().consume(pk=row.pk, moment=now(), facts={}, url=""):
        raise UsedUp("ticket_used" if row.used_at else "ticket_expired")
    if not row.registration.is_active:
        raise NotConnected("platform_disabled")
    if row.user is not None and not row.user.is_active:
        raise NotAdmitted("person_inactive")
    return row


def sweep() -> int:
    """Delete tickets that cannot be used any more; return how many. An unknown one is refused too."""
    return EntryTicket.objects.filter(expires_at__lt=now()).delete()[0]
