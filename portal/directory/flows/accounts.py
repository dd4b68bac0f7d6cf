"""What people do with their own account: prove an address theirs, set a password by a link they were sent."""

from __future__ import annotations

from enum import StrEnum

from allauth.account import app_settings
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.directory.flows import claims, inviting, letters
from portal.directory.flows.people import is_taken
from portal.directory.models import User

A_DAY = 24 * 60 * 60


class AddressTaken(Exception):
    """Somebody else has proved the address theirs first."""


class Link(StrEnum):
    """What a link to confirm an address is good for."""

    GOOD = "good"
    USED = "used"
    OLD = "old"
    TAKEN = "taken"
    UNKNOWN = "unknown"


def read(*, key: str) -> tuple[Link, EmailAddress | None]:
    """Return what a link's key is good for, and the address it stands for; None where it is not a key of ours."""
    try:
        address = claims.address_of(key=key)
    except signing.BadSignature:
        return Link.UNKNOWN, None
    if address is None:
        return Link.UNKNOWN, None
    if address.verified:
        return Link.USED, address
    if is_taken(email=address.email, besides=address.user):
        return Link.TAKEN, address
    try:
        claims.address_of(key=key, max_age=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS * A_DAY)
    except signing.SignatureExpired:
        return Link.OLD, address
    return Link.GOOD, address


def prove_address(*, address: EmailAddress) -> None:
    """Make ``address`` its person's one address, proved theirs. Of two who claim it the first gets it.

    Raises AddressTaken.
    """
    user: User = address.user
    former = user.email if user.email_verified_at else None
    if is_taken(email=address.email, besides=user):
        raise AddressTaken
    try:
        with transaction.atomic():
            EmailAddress.objects.filter(user=user).exclude(pk=address.pk).delete()
            address.verified = address.primary = True
            address.save()
            user.email, user.email_verified_at = address.email, user.email_verified_at or now()
            user.save(update_fields=["email", "email_verified_at"])
            inviting.hand_over(user=user)
            if former and former.lower() != address.email.lower():
                log(user, "directory.address_changed", user=user)
                letters.tell_of_new_address(user=user, former=former)
    except IntegrityError:  # proved by somebody else in this very moment
        address.verified = False
        raise AddressTaken from None


@transaction.atomic
def ask_for_another_address(*, user: User, email: str) -> None:
    """Write to ``email``: it replaces the person's address once the link in the letter is opened.

    What is asked for last counts. Nobody learns here whether the address is somebody's already: the link tells
    whoever reads that mailbox.
    """
    drop_other_address(user=user)
    address = EmailAddress.objects.create(user=user, email=email.lower(), verified=False, primary=False)
    letters.ask_to_confirm(address=address)


def other_address(*, user: User) -> EmailAddress | None:
    """Return the address that waits to replace the person's."""
    waiting: EmailAddress | None = EmailAddress.objects.filter(
        user=user, verified=False, primary=False
    ).last()
    return waiting


@transaction.atomic
def drop_other_address(*, user: User) -> None:
    """Forget the address that waits; the link sent to it opens nothing any more."""
    EmailAddress.objects.filter(user=user, verified=False).exclude(email__iexact=user.email or "").delete()


@transaction.atomic
def set_forgotten_password(*, user: User, password: str) -> None:
    """Set the password of somebody who followed a link sent to their address, which proves it theirs.

    Every session of theirs ends by it; who was invited has accepted by it. Raises AddressTaken.
    """
    is_invited = user.invited_at is not None and user.email_verified_at is None
    user.set_password(password)
    user.save(update_fields=["password"])
    if user.email:
        address, _new = EmailAddress.objects.get_or_create(user=user, email=user.email.lower())
        prove_address(address=address)
        if is_invited:
            inviting.accept_all(user=address.user)


@transaction.atomic
def open_account(*, address: EmailAddress, password: str) -> None:
    """Prove ``address``, the one an account was opened with, and let ``password`` be the account's from now on.

    For whoever follows the link elsewhere than where the account was opened: it may have been somebody else who
    opened it, and knows its password. Raises AddressTaken.
    """
    user: User = address.user
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    prove_address(address=address)


def send_link_again(*, email: str) -> None:
    """Write anew to whoever claimed ``email`` last and has not confirmed it; do nothing where it has an owner."""
    address = claims.waiting_for_a_link(email=email)
    if address is not None:
        letters.ask_to_confirm(address=address)
