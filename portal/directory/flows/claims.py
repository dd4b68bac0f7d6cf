"""Addresses that are only claimed: whoever signs up types one, and until it is proved any number of people may.

So that nobody can make work or letters out of claims, few of one address are kept, fewer are tried at sign-in, and one
of them is written to. The owner of an address, once there is one, is the only one who counts.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction

from portal.directory.flows.people import is_taken, owner_of
from portal.directory.models import User

MOST_KEPT = 3  # accounts that claim one address
MOST_TRIED = 2  # passwords compared at sign-in
SALT = "directory.confirm_address"


def key_of(address: EmailAddress) -> str:
    """Return the key that proves ``address``. It says what the row holds: after a restore another has its number."""
    return signing.dumps(_content(address), salt=SALT)


def address_of(*, key: str, max_age: int | None = None) -> EmailAddress | None:
    """Return the address a key stands for; None where it stands for none (any more).

    Raises BadSignature where the key is not ours, and SignatureExpired where it is older than ``max_age`` seconds.
    """
    content = signing.loads(key, salt=SALT, max_age=max_age)
    address = EmailAddress.objects.filter(pk=content[0]).select_related("user").first()
    return address if address is not None and _content(address) == content else None


def _content(address: EmailAddress) -> list[int | str]:
    return [address.pk, address.email, str(address.user.uuid)]


def tried_at_sign_in(*, email: str) -> list[User]:
    """Return whose password is compared for ``email``: its owner's, or that of the newest who claim it."""
    owner = owner_of(email=email)
    return [owner] if owner else list(User.objects.claiming(email).filter(is_active=True)[:MOST_TRIED])


def written_to_if_forgotten(*, email: str) -> User | None:
    """Return the one person who is written to when somebody forgot the password of ``email``.

    Its owner; else who was invited, else the newest who signed up with it, else who came by a launch or waits for it.
    """
    owner = owner_of(email=email)
    if owner is not None:
        return owner if owner.is_active else None
    active = User.objects.filter(is_active=True)
    unproved = active.filter(email__iexact=email, email_verified_at__isnull=True)
    return (
        unproved.filter(invited_at__isnull=False).order_by("-pk").first()
        or active.claiming(email).first()
        or unproved.order_by("-pk").first()
        or active.filter(emailaddress__email=email.lower()).order_by("-pk").first()
    )


def waiting_for_a_link(*, email: str) -> EmailAddress | None:
    """Return the newest row of ``email`` that waits to be confirmed; None where there is none, or an owner."""
    if is_taken(email=email):
        return None
    waiting = EmailAddress.objects.filter(email=email.lower(), verified=False, user__is_active=True)
    newest_first = waiting.select_related("user").order_by("-pk")
    usable = (row for row in newest_first[:MOST_KEPT] if row.user.has_usable_password())
    return next(usable, None)  # others came by a launch, and did not sign up


@transaction.atomic
def make_room(*, email: str) -> None:
    """Drop the oldest accounts that claim ``email`` and hold nothing, so that there is room for one more."""
    kept = User.objects.claiming(email)[: MOST_KEPT - 1]
    User.objects.claiming(email).left_nothing().exclude(pk__in=[user.pk for user in kept]).delete()


def is_sign_up(*, address: EmailAddress) -> bool:
    """Whether the address is the one an account was opened with, which has never been proved."""
    user: User = address.user
    return user.email_verified_at is None and (user.email or "").lower() == address.email.lower()


@transaction.atomic
def drop(*, address: EmailAddress) -> None:
    """Forget a claim, as whoever reads that mailbox asks; also the account that was opened by it and holds nothing."""
    user: User = address.user
    signed_up = is_sign_up(address=address)
    address.delete()
    if signed_up and not User.objects.filter(pk=user.pk).left_nothing().delete()[0]:
        user.email = None
        user.save(update_fields=["email"])
