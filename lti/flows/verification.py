"""Is this message really the platform's, for us, now, and for this launch?

Sources: OpenID Connect Core 1.0, 3.1.3.7; 1EdTech Security Framework 1.0, 5.1.3; RFC 8725.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import math
from typing import Any

from jwt.api_jws import PyJWS
from jwt.exceptions import PyJWTError
from lti_tool.models import LtiRegistration

from lti.flows import keysets
from lti.flows.errors import NotReadable, NotTrusted, UsedUp
from lti.flows.text import is_identifier

LARGEST = 64 * 1024  # characters of a token
SKEW = 60  # seconds two clocks may differ
OLDEST = 600  # seconds
Claims = dict[str, Any]


def verified(*, token: str, registration: LtiRegistration) -> Claims:
    """Return the claims of a token signed by the platform. Raises Refused."""
    header = read_header(token)
    key = keysets.public_key(registration=registration, kid=header["kid"])
    try:
        payload = PyJWS().decode(token, key, algorithms=["RS256"])
    except PyJWTError:
        raise NotTrusted("signature_wrong") from None
    return _object(payload, "payload_not_an_object")


def read_header(token: str) -> dict[str, Any]:
    """Return the token's header, with ``alg`` RS256 and a ``kid``; nothing else in it is believed.

    The key comes by ``kid`` from the platform's registered key set: ``jku``, ``x5u`` and ``jwk`` are
    never looked at (RFC 8725, 3.10). Raises Refused.
    """
    if len(token) > LARGEST:
        raise NotReadable("token_too_large")
    if not token.isascii() or token.count(".") != 2:
        raise NotReadable("token_not_three_parts")
    first = token.partition(".")[0]
    try:
        raw = base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotReadable("header_not_base64") from None
    header = _object(raw, "header_not_an_object")
    if header.get("alg") != "RS256":
        raise NotTrusted("alg_not_rs256")
    if "crit" in header or "b64" in header:
        raise NotTrusted("header_with_extensions")
    if not is_identifier(header.get("kid")):
        raise NotTrusted("kid_missing")
    return header


def _object(raw: bytes, reason: str) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotReadable(reason) from None
    if not isinstance(value, dict):
        raise NotReadable(reason)
    return value


def check(*, claims: Claims, registration: LtiRegistration, nonce: str, moment: float) -> None:
    """Check who the token is from and for, its times (``moment`` in Unix seconds) and its nonce.

    Raises UsedUp for what is merely old, NotTrusted for the rest.
    """
    if claims.get("iss") != registration.issuer:
        raise NotTrusted("iss_of_another_platform")
    _check_audience(claims, registration.client_id)
    _check_times(claims, moment)
    given = claims.get("nonce")
    if not isinstance(given, str) or not given:
        raise NotTrusted("nonce_missing")
    if not hmac.compare_digest(given.encode("utf-8", "replace"), nonce.encode()):
        raise NotTrusted("nonce_of_another_launch")


def _check_audience(claims: Claims, client_id: str) -> None:
    """OpenID Connect Core 3.1.3.7, 3 to 5: we are among the audiences; of several, ``azp`` says who."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not all(isinstance(one, str) for one in audiences) or client_id not in audiences:
        raise NotTrusted("aud_not_us")
    if "azp" not in claims:
        if len(audiences) > 1:
            raise NotTrusted("azp_missing")
    elif claims["azp"] != client_id:
        raise NotTrusted("azp_not_us")


def _check_times(claims: Claims, moment: float) -> None:
    """OpenID Connect Core 3.1.3.7, 9 and 10; ``exp`` and ``iat`` are required (Core 2)."""
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if expires is None or issued is None:
        raise NotTrusted("exp_missing" if expires is None else "iat_missing")
    if issued > moment + SKEW:
        raise NotTrusted("iat_in_the_future")
    if "nbf" in claims and (_seconds(claims, "nbf") or math.inf) > moment + SKEW:
        raise NotTrusted("nbf_in_the_future")
    if expires + SKEW < moment:
        raise UsedUp("expired")
    if issued < moment - OLDEST:
        raise UsedUp("iat_too_old")


def _seconds(claims: Claims, name: str) -> float | None:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
