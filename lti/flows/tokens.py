"""Access tokens for a platform's services.

Source: 1EdTech Security Framework 1.0, 4.1 (client credentials with a signed assertion, RFC 7523).
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from lti_tool.models import LtiRegistration

from lti.flows import http, keys
from lti.flows.addresses import may_be_private

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 3600  # seconds; a platform that promises more is not believed
MARGIN = 60
BACKDATED = 10  # Moodle allows a clock that is 2 s ahead, not more


class TokenRefused(Exception):
    """The platform gave no token. ``status`` is HTTP's, ``headers`` may hold a Retry-After."""

    def __init__(self, answer: http.Answer, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer
        self.reason = reason


def access_token(*, registration: LtiRegistration, scope: str, fresh: bool = False) -> str:
    """Return a token for ``scope``, kept for its life less a minute; ``fresh``: ask for another one.

    Raises TokenRefused, CallFailed.
    """
    seed = f"{registration.pk} {registration.client_id} {registration.token_url} {scope}"
    name = "lti:token:" + hashlib.sha256(seed.encode()).hexdigest()
    kept: str | None = None if fresh else cache.get(name)
    if kept:
        return kept
    token, life = _ask(registration, scope)
    if life > MARGIN:
        cache.set(name, token, timeout=life - MARGIN)
    else:
        cache.delete(name)
    return token


def _ask(registration: LtiRegistration, scope: str) -> tuple[str, int]:
    url = registration.token_url
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion(registration),
        "scope": scope,
    }
    answer = http.call(
        method="POST",
        url=url,
        private=may_be_private(registration, url),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=urlencode(form).encode(),
    )
    if answer.status != 200:
        raise TokenRefused(answer, f"token: status {answer.status}")
    document = answer.json()
    token = document.get("access_token") if isinstance(document, dict) else None
    if (
        not isinstance(token, str)
        or not 0 < len(token) <= 8192
        or not token.isascii()
        or not token.isprintable()
    ):
        raise TokenRefused(answer, "token: none in the answer")
    return token, _life(document.get("expires_in"))


def refusal_of(answer: http.Answer) -> str:
    """Return why a token was refused: scope, client, keys or status (RFC 6749, 5.2; Moodle: 404 when our keys fail)."""
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        document = None
    error = str(document.get("error")) if isinstance(document, dict) else ""
    if error == "invalid_scope":
        return "scope"
    if error in {"invalid_client", "unauthorized_client", "invalid_grant"}:
        return "client"
    return "keys" if answer.status == 404 else "status"


def assertion(registration: LtiRegistration) -> str:
    """Return the signed statement that we are who we say, good for a minute."""
    issued = int(time.time()) - BACKDATED
    claims = {
        "iss": registration.client_id,
        "sub": registration.client_id,
        "aud": registration.audience or registration.token_url,
        "iat": issued,
        "exp": issued + BACKDATED + 60,
        "jti": keys.fresh_id(),
    }
    return keys.signer(registration=registration).sign(claims)


def _life(value: Any) -> int:
    """Return the token's life in whole seconds, 0 (use it once) for what is no sensible number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return 0
    return int(min(seconds, LONGEST_LIFE)) if math.isfinite(seconds) and seconds > 0 else 0
