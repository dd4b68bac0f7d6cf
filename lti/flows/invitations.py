"""Invitations for platforms to register themselves: made, withdrawn, claimed for one attempt, used up."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from wagtail.log_actions import log

from lti.models import PlatformInvitation
from portal.conf import conf


class InvitationNotValid(Exception):
    """Unknown, expired, withdrawn, used, or just being used. Which of them is not told to whoever asks."""


@dataclass(frozen=True)
class Wishes:
    """What the administrator says of the platform to come; ``days`` the invitation holds."""

    name: str
    days: int
    approves_itself: bool = False
    allow_private_network: bool = False


@dataclass(frozen=True)
class Claim:
    """An invitation taken for one attempt."""

    invitation: PlatformInvitation
    at: datetime


@transaction.atomic
def invite(*, wishes: Wishes, by: Any) -> tuple[PlatformInvitation, str]:
    """Make an invitation and return it with the address to be pasted into the platform.

    The address is the only place where the token stands: it is not kept, so it can be shown this once.
    """
    token = secrets.token_urlsafe(32)
    invitation = PlatformInvitation.objects.create(
        name=wishes.name,
        token_sha256=digest(token),
        approves_itself=wishes.approves_itself,
        allow_private_network=wishes.allow_private_network,
        expires_at=now() + timedelta(days=wishes.days),
    )
    log(invitation, "lti.platform_invited", user=by, data={"approves_itself": wishes.approves_itself})
    return invitation, conf.SITE_URL.rstrip("/") + reverse("lti:register", args=[token])


@transaction.atomic
def withdraw(*, invitation: PlatformInvitation, by: Any) -> bool:
    """Let an open invitation be used no more; False when it was not open."""
    moment = now()
    gone = PlatformInvitation.objects.all().open(moment).filter(pk=invitation.pk).update(withdrawn_at=moment)
    if gone:
        log(invitation, "lti.invitation_withdrawn", user=by)
    return bool(gone)


def digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def claim(*, token: str) -> Claim:
    """Take the invitation for one attempt to register. Raises InvitationNotValid."""
    moment, found = now(), digest(token)
    if not PlatformInvitation.objects.all().claim(digest=found, moment=moment):
        raise InvitationNotValid
    return Claim(PlatformInvitation.objects.get(token_sha256=found), moment)


def settle(*, taken: Claim) -> None:
    """Use the invitation up. Raises InvitationNotValid when the attempt took so long that it was lost."""
    pk, moment = taken.invitation.pk, now()
    if not PlatformInvitation.objects.all().settle(pk=pk, claimed_at=taken.at, moment=moment):
        raise InvitationNotValid


def release(*, taken: Claim, problem: str) -> None:
    """Give the invitation back after an attempt that came to nothing."""
    PlatformInvitation.objects.all().release(pk=taken.invitation.pk, claimed_at=taken.at, problem=problem)
