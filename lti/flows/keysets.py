"""Platforms' public keys: kept, so that a launch needs no call and outlives the platform's outage.

Only RSA signing keys of 2048 bits and more are kept; whatever else a key set holds is ignored, and so
is whatever key material a token's own header offers. Source: 1EdTech Security Framework 1.0, 6.3;
RFC 8725, 3.5 and 3.10.
"""

from __future__ import annotations

import hashlib
import logging
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.core.cache import cache
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import PyJWTError
from lti_tool.models import LtiRegistration

from lti.flows import http
from lti.flows.addresses import may_be_private
from lti.flows.errors import KeysNotAvailable, NotTrusted

logger = logging.getLogger(__name__)

FRESH = 2 * 3600  # seconds
KEPT = 7 * 24 * 3600
PATIENCE = 3.0  # what a person waits at most for a platform that does not answer
ASK_AGAIN = 60  # after an answer: an unknown kid makes us ask at most this often
ASK_AGAIN_SOON = 10  # after no answer, while there is no key at all
MOST_KEYS = 50

Jwk = dict[str, str]


def public_key(*, registration: LtiRegistration, kid: str) -> RSAPublicKey:
    """Return the platform's key named ``kid``.

    From the cache while it is fresh; asks the platform when it is not, or the name is new. An old copy
    is used for days when the platform does not answer. Raises NotTrusted, KeysNotAvailable.
    """
    name = _cache_name(registration)
    kept = cache.get(name)
    fresh = kept is not None and time.time() - kept["at"] < FRESH
    if not (fresh and kid in kept["keys"]):
        kept = _refresh(registration, name, kept, kid) or kept
    if kept is None:
        raise KeysNotAvailable("keyset_unavailable")
    if kid not in kept["keys"]:
        raise NotTrusted("kid_unknown")
    key = RSAAlgorithm.from_jwk(kept["keys"][kid])
    assert isinstance(key, RSAPublicKey)  # noqa: S101 (usable() keeps no others)
    return key


def _cache_name(registration: LtiRegistration) -> str:
    return "lti:keys:" + hashlib.sha256(f"{registration.pk} {registration.keyset_url}".encode()).hexdigest()


def _refresh(registration: LtiRegistration, name: str, kept: Any, kid: str) -> Any:
    """Ask for the key set unless somebody just did; return the new one, or None.

    One asks, the others go on with the old copy if it has their key, else they wait for that one.
    """
    if cache.get(f"{name}:asked"):
        return None
    if not cache.add(f"{name}:asking", 1, timeout=PATIENCE + 2):
        return None if kept and kid in kept["keys"] else _wait(name, kept)
    try:
        keys = fetch(registration)
        new = {"keys": keys, "at": time.time()}
        cache.set(name, new, timeout=KEPT)
        cache.set(f"{name}:asked", 1, timeout=ASK_AGAIN)
        return new
    except http.CallFailed as failure:
        logger.warning("key set of registration %s: %s", registration.pk, failure.reason)
        cache.set(f"{name}:asked", 1, timeout=ASK_AGAIN if kept else ASK_AGAIN_SOON)
        return None
    finally:
        cache.delete(f"{name}:asking")


def _wait(name: str, before: Any) -> Any:
    """Wait for the one who asks; return what came."""
    end = time.monotonic() + PATIENCE + 1
    while time.monotonic() < end:
        if not cache.get(f"{name}:asking"):
            break
        time.sleep(0.05)
    after = cache.get(name)
    return after if after != before else None


def fetch(registration: LtiRegistration) -> dict[str, Jwk]:
    """Return the platform's usable keys by their names. Raises CallFailed when there are none."""
    return read(ask(registration.keyset_url, private=may_be_private(registration, registration.keyset_url)))


def ask(url: str, *, private: bool) -> http.Answer:
    """Return what a key set's address answers. Raises CallFailed."""
    answer = http.call(
        method="GET", url=url, private=private, headers={"Accept": "application/json"}, total=PATIENCE
    )
    if answer.status != 200:
        raise http.CallFailed(f"status {answer.status}")
    return answer


def read(answer: http.Answer) -> dict[str, Jwk]:
    """Return the usable keys of a key set by their names. Raises CallFailed when there are none."""
    document = answer.json()
    listed = document.get("keys") if isinstance(document, dict) else None
    keys = [key for key in listed[:MOST_KEYS] if usable(key)] if isinstance(listed, list) else []
    if not keys:
        raise http.CallFailed("no usable key")
    return {key["kid"]: {part: key[part] for part in ("kty", "kid", "n", "e")} for key in keys}


def usable(key: Any) -> bool:
    """Tell whether ``key`` is a public RSA key to check signatures with (RFC 7517, RFC 7518 6.3.1)."""
    if not isinstance(key, dict) or not all(
        isinstance(key.get(part), str) for part in ("kty", "kid", "n", "e")
    ):
        return False
    if key["kty"] != "RSA" or key.get("use", "sig") != "sig" or key.get("alg", "RS256") != "RS256":
        return False
    try:
        made = RSAAlgorithm.from_jwk({part: key[part] for part in ("kty", "kid", "n", "e")})
    except (PyJWTError, ValueError, TypeError):
        return False
    return isinstance(made, RSAPublicKey) and made.key_size >= 2048
