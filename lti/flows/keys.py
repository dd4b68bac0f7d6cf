"""Our own key pair: made on first use, published by its public half, never shown otherwise."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import jwt
from django.db import IntegrityError, transaction
from lti_tool.models import Key, LtiRegistration

from lti.models import SigningKey


@dataclass(frozen=True)
class Signer:
    """A private key and the name the platform knows it by. Its text form tells only the name."""

    kid: str
    pem: str

    def __repr__(self) -> str:
        return f"<Signer {self.kid}>"

    def sign(self, claims: dict[str, Any]) -> str:
        """Return ``claims`` as a JWT, RS256, with ``kid`` (1EdTech Security Framework 1.0, 4)."""
        return jwt.encode(claims, self.pem, algorithm="RS256", headers={"kid": self.kid})


def current() -> Key:
    """Return the key we sign with, made now if there is none. One key, whoever asks at once."""
    signing = SigningKey.objects.filter(slot=SigningKey.SIGNING).select_related("key")
    row = signing.first()
    if row is None:
        try:
            with transaction.atomic():
                row = SigningKey.objects.create(key=Key.objects.generate())
        except IntegrityError:  # another process was faster
            row = signing.get()
    return row.key


def signer(*, registration: LtiRegistration) -> Signer:
    """Return what signs our messages to a platform: its own static key, or the published one."""
    key = current()
    if registration.has_key:
        key = Key(public_key=registration.public_key, private_key=registration.private_key)
    return Signer(kid=key.as_jwk()["kid"], pem=key.private_key)


def published() -> dict[str, list[dict[str, str]]]:
    """Return our public key set (RFC 7517)."""
    current()
    keys: dict[str, list[dict[str, str]]] = Key.objects.as_jwks()
    return keys


def fresh_id() -> str:
    """Return a ``jti`` nobody used before."""
    return uuid.uuid4().hex
