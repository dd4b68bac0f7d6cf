"""Dynamic registration as Moodle does it: one-time tokens of an hour, a pending tool, its particular refusals.

One tool is in use at a time: activating one that registered itself puts it in the place of the one before.
"""

from __future__ import annotations

import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from .calls import ServiceError, service
from .core import SCOPES, Platform, current
from .reviewing import REVIEW

blueprint = Blueprint("registration", __name__)
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
HOUR = 3600
NEEDED = ("initiate_login_uri", "redirect_uris", "client_name", "jwks_uri")


@blueprint.get("/openid-configuration")
@service("configuration")
def configuration() -> Response:
    """What the platform says of itself."""
    platform = current()
    config = platform.config
    return jsonify(
        {
            "issuer": config.issuer,
            "authorization_endpoint": config.auth_url,
            "token_endpoint": config.token_url,
            "jwks_uri": config.keyset_url,
            "registration_endpoint": f"{config.issuer}/register",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public", "pairwise"],
            "scopes_supported": list(SCOPES),
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
            PLATFORM: {
                "product_family_code": "moodle" if platform.moodle else "trial",
                "version": "4.5.6",
                "messages_supported": [{"type": kind} for kind in _kinds(platform)],
                "variables": ["Context.id", "User.id"],
            },
        }
    )


def _kinds(platform: Platform) -> list[str]:
    """The messages the platform says it sends; Moodle sends reviews, too, and does not say so."""
    return ["LtiResourceLinkRequest", "LtiDeepLinkingRequest", *([] if platform.moodle else [REVIEW])]


def start_url(platform: Platform, url: str, lifetime: float = HOUR) -> str:
    """The tool's registration address with what the platform adds: where it describes itself, a one-time token."""
    token = secrets.token_urlsafe(24)
    with platform.store.transaction() as store:
        tokens = {**store.setting("registration_tokens", {}), token: time.time() + lifetime}
        store.set_setting("registration_tokens", tokens)
    about = {
        "openid_configuration": f"{platform.config.issuer}/openid-configuration",
        "registration_token": token,
    }
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(about)}"


def _take_token(platform: Platform) -> None:
    """Use the request's one-time token up, or refuse."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    with platform.store.transaction() as store:
        tokens = store.setting("registration_tokens", {})
        expires = tokens.get(token) if kind == "Bearer" else None
        if expires is None:
            raise _refusal(401, "invalid_token")
        if not expires or expires < time.time():
            raise _refusal(401, "token_already_used" if not expires else "token_expired")
        store.set_setting("registration_tokens", {**tokens, token: 0})


def _refusal(status: int, message: str) -> ServiceError:
    return ServiceError(status, message, body=json.dumps({"message": message}))


def _checked(data: Any) -> dict[str, Any]:
    """The registration, if Moodle would take it."""
    if not isinstance(data, dict):
        raise _refusal(400, "invalid_request")
    missing = [name for name in NEEDED if not data.get(name)]
    if (
        missing
        or not isinstance(data["redirect_uris"], list)
        or "id_token" not in data.get("response_types", [])
    ):
        raise _refusal(400, f"missing_{(missing or ['response_types'])[0]}")
    if data.get("token_endpoint_auth_method") != "private_key_jwt":
        raise _refusal(400, "invalid_token_endpoint_auth_method")
    if not isinstance(data.get("scope", ""), str):
        raise ServiceError(404, "Invalid request", html=True)
    tool = data.get(TOOL)
    if not isinstance(tool, dict) or not tool.get("domain"):
        raise _refusal(400, "missing_domain")
    target = tool.setdefault("target_link_uri", f"https://{tool['domain']}")
    if urlsplit(target).netloc != tool["domain"]:
        raise _refusal(400, "domain_targetlinkuri_mismatch")
    return data


@blueprint.post("/register")
@service("registration")
def register() -> Response:
    """Take a tool's registration: it waits for the administrator, and no activity can use it yet."""
    platform = current()
    _take_token(platform)
    data = _checked(request.get_json(force=True, silent=True))
    client_id = secrets.token_urlsafe(11)
    row = {"name": str(data["client_name"]), "state": "pending", "registration": "{}"}
    number = platform.store.insert("tools", row)
    tool = {**data[TOOL], "deployment_id": str(number + 1)}
    kept = {**data, "client_id": client_id, TOOL: tool}
    platform.store.update("tools", number, {"registration": json.dumps(kept)})
    g.applied = True
    return jsonify(kept)


def activate(platform: Platform, number: int) -> dict[str, Any]:
    """Let a pending tool be the one that activities use, with the scopes and claims that it asked for."""
    row = platform.store.row("SELECT * FROM tools WHERE id = ?", [number])
    if row is None:
        abort(404, f"no tool {number}")
    data = json.loads(row["registration"])
    claims = data[TOOL].get("claims", [])
    addresses = {
        "login": data["initiate_login_uri"],
        "launch": data["redirect_uris"][0],
        "keys": data["jwks_uri"],
    }
    with platform.store.transaction() as store:
        store.set_setting(
            "tool",
            {"client_id": data["client_id"], "deployment_id": data[TOOL]["deployment_id"], **addresses},
        )
        store.set_setting("scopes", [scope for scope in SCOPES if scope in data.get("scope", "").split()])
        store.set_setting("shares", {"name": "name" in claims, "email": "email" in claims})
        store.write("DELETE FROM tool_keys")
        store.write("UPDATE activities SET target_link_uri = ?", [addresses["launch"]])
        store.update("tools", number, {"state": "active"})
    return {**row, "state": "active"}


# The administrator's pages ---------------------------------------------------------------------


@blueprint.get("/tools")
def tools() -> Response:
    """The tools that registered themselves, and where an address is pasted."""
    platform = current()
    rows = platform.store.rows("SELECT * FROM tools ORDER BY id")
    page = render_template("tools.html", tools=rows, moodle=platform.moodle, tool=platform.config.tool)
    return Response(page, mimetype="text/html")


@blueprint.get("/tools/add")
def add() -> Response:
    """The tool's registration in a frame, until it says that it is done."""
    platform = current()
    url = request.args.get("url", "").strip()
    if urlsplit(url).scheme not in ("http", "https"):
        abort(400)
    page = render_template("registering.html", src=start_url(platform, url), moodle=platform.moodle, tool=url)
    return Response(page, mimetype="text/html")


@blueprint.post("/tools/<int:number>/activate")
def activate_by_form(number: int) -> AnyResponse:
    """The button of a pending tool."""
    activate(current(), number)
    return redirect(url_for("registration.tools", **request.args))
