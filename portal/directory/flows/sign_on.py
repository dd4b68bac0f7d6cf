"""Who somebody is that comes by single sign-on: issuer and subject, and nothing else.

An address links them to an account only where both sides have proved it; the provider gives no rights.
Source: OpenID Connect Core 1.0, clause 5.7; ASVS 5.0, 6.8.1.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from portal.directory.flows import inviting, letters
from portal.directory.flows.people import owner_of
from portal.directory.models import User

PROVIDER = "sso"


@dataclass(frozen=True)
class Identity:
    """What a provider vouches for: who came, and how they proved it there."""

    issuer: str
    subject: str
    first_name: str
    last_name: str
    email: str  # empty unless the provider has proved it
    language: str
    second_factor: bool

    @property
    def uid(self) -> str:
        """The identity as one text of 64 characters: another issuer's subject is somebody else."""
        return hashlib.sha256(f"{self.issuer}\0{self.subject}".encode()).hexdigest()


def enter(*, identity: Identity) -> SocialAccount:
    """Return the account of this identity; on the first visit, link it or make the person."""
    known = _known(identity)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return _begin(identity)
    except IntegrityError:  # the same person in another tab was quicker
        return SocialAccount.objects.select_related("user").get(provider=PROVIDER, uid=identity.uid)


def _known(identity: Identity) -> SocialAccount | None:
    found: SocialAccount | None = (
        SocialAccount.objects.filter(provider=PROVIDER, uid=identity.uid).select_related("user").first()
    )
    return found


def _begin(identity: Identity) -> SocialAccount:
    owner = owner_of(email=identity.email) if identity.email else None
    user = owner or _new_person(identity)
    account = SocialAccount.objects.create(
        user=user,
        provider=PROVIDER,
        uid=identity.uid,
        extra_data={"iss": identity.issuer, "sub": identity.subject},
    )
    if owner is not None:
        log(owner, "directory.sign_on_linked", user=owner)
        letters.tell_of_sign_on(user=owner, password_ended=_end_password(owner))
    return account


def _end_password(owner: User) -> bool:
    """Take the password away, and with it every session; return whether there was one.

    Somebody else may have set it: the address was proved when the account was opened, perhaps not by whom it
    belongs to now. Whoever reads the mailbox sets another.
    """
    if not owner.has_usable_password():
        return False
    owner.set_unusable_password()
    owner.save(update_fields=["password"])
    return True


def _new_person(identity: Identity) -> User:
    """Make a person with no password and no rights; with an address if the provider has proved it."""
    user = User(
        first_name=identity.first_name,
        last_name=identity.last_name,
        preferred_language=identity.language,
    )
    user.set_unusable_password()
    if identity.email:
        user.email, user.email_verified_at = identity.email, now()
    user.save()
    if identity.email:
        EmailAddress.objects.create(user=user, email=identity.email, verified=True, primary=True)
        inviting.hand_over(user=user)
    return user
