"""Secrets that must be read again (of authenticator apps), sealed before they are stored.

The key is derived from ``SECRET_KEY`` (HKDF, RFC 5869), so a stolen database alone opens nothing. When that key is
changed, the former one stands in ``SECRET_KEY_FALLBACKS``: what it sealed is still read, and sealed anew with
the present one whenever it is used, and by ``manage.py reseal`` all at once.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"kelrodis second factor"


class Unreadable(Exception):
    """Sealed with a key we no longer have, or damaged."""


def seal(text: str) -> str:
    """Return ``text`` sealed with the present key."""
    return _keys().encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Return what was sealed, by the present key or a former one. Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def resealed(sealed: str) -> str:
    """Return the same secret sealed with the present key. Raises Unreadable."""
    try:
        return _keys().rotate(sealed.encode()).decode("ascii")
    except InvalidToken:
        raise Unreadable from None


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
