"""The token endpoint (client credentials with a signed assertion) and the check of bearer tokens."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from flask import Blueprint, Response, g, request

from .calls import ServiceError, service
from .core import Platform, current
from .toolkeys import KeySetUnreachable, UntrustedToken

blueprint = Blueprint("tokens", __name__)
LIFE = 3600
IAT_LEEWAY = 2
FORM = "application/x-www-form-urlencoded"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _json(platform: Platform, data: dict[str, Any], status: int = 200) -> Response:
    """JSON, labelled text/html in Moodle's manner."""
    kind = "text/html" if platform.moodle else "application/json"
    return Response(json.dumps(data, indent=2), status, mimetype=kind)


def _refusal(platform: Platform) -> str | None:
    """The OAuth error that the request earns, or None. A key set that cannot be had is 404 HTML."""
    form = request.form
    if request.mimetype != FORM or not all(
        form.get(name) for name in ("client_assertion", "client_assertion_type", "grant_type", "scope")
    ):
        return "invalid_request"
    if form["client_assertion_type"] != ASSERTION or form["grant_type"] != "client_credentials":
        return "unsupported_grant_type"
    try:
        claims = platform.tool_keys.verify(form["client_assertion"], IAT_LEEWAY if platform.moodle else 0)
    except UntrustedToken as error:
        g.reason = str(error)
        return "invalid_client"
    except KeySetUnreachable as error:
        g.reason = str(error)
        raise ServiceError(404, "Invalid request", html=True) from error
    if claims.get("sub") != platform.config.client_id:
        g.reason = "sub is not the client id"
        return "invalid_client"
    return None if platform.moodle else _strict_refusal(platform, claims)


def _strict_refusal(platform: Platform, claims: dict[str, Any]) -> str | None:
    """What Moodle leaves unchecked: iss, aud, exp, iat and jti."""
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != platform.config.client_id or platform.config.token_url not in audiences:
        g.reason = "iss is not the client id, or aud is not this token URL"
        return "invalid_client"
    missing = [name for name in ("exp", "iat", "jti") if name not in claims]
    g.reason = f"missing {missing}" if missing else ""
    return "invalid_client" if missing else None


@blueprint.post("/token")
@service("token")
def give_token() -> Response:
    """Give an access token for those of the wanted scopes that the tool may have."""
    platform = current()
    error = _refusal(platform)
    granted = [s for s in request.form.get("scope", "").split() if s in platform.scopes]
    if error is None and not granted:
        error = "invalid_scope"
    if error:
        g.reason = f"{error} {g.get('reason', '')}".strip()
        return _json(platform, {"error": error}, 400)
    token = secrets.token_hex(16)
    row = {"token": token, "scopes": " ".join(granted), "expires": time.time() + LIFE}
    platform.store.insert("tokens", row)
    g.applied = True
    data = {"access_token": token, "token_type": "Bearer", "expires_in": LIFE, "scope": " ".join(granted)}
    return _json(platform, data)


def require(*scopes: str) -> None:
    """Let the call pass if its bearer token carries one of the scopes; else 401 (Moodle), 403 (others)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    row = current().store.row("SELECT * FROM tokens WHERE token = ?", [token.strip()])
    if kind.lower() != "bearer" or row is None or row["expires"] < time.time():
        raise ServiceError(401, "Unauthorized")
    if not set(scopes) & set(row["scopes"].split()):
        raise ServiceError(401 if current().moodle else 403, "The token lacks the scope")
