"""The browser's side of a launch: start, OpenID Connect authentication, public keys."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from . import messages
from .calls import ServiceError, service
from .core import Platform, current
from .store import Row

blueprint = Blueprint("auth", __name__)
NEEDED = ("scope", "response_type", "client_id", "redirect_uri", "login_hint", "nonce")


def auto_post(action: str, fields: dict[str, Any]) -> Response:
    """A page that posts its form by itself (with a button for browsers without scripts)."""
    return Response(render_template("auto_post.html", action=action, fields=fields), mimetype="text/html")


@blueprint.get("/launch")
def start() -> AnyResponse:
    """Begin a launch: send the browser to the tool's login address, by POST or (`method=get`) by GET."""
    platform = current()
    person = platform.person(request.args.get("person", "")) or abort(404)
    activity = platform.activity(request.args.get("activity")) if request.args.get("activity") else None
    course = activity["course"] if activity else int(request.args.get("course", 0))
    if platform.course(course) is None:
        abort(404)
    target = request.args.get("target", "iframe")
    about = platform.person(request.args["for"]) if request.args.get("for") else None
    login = messages.begin(platform, person, course, activity, target, about)
    if request.args.get("method") == "get":
        return redirect(login["url"])
    return auto_post(login["action"], login["params"])


def _launch_of(platform: Platform, fields: dict[str, str]) -> Row:
    """The launch that the hint names; its id is good for one use (Moodle) or for many (otherwise)."""
    try:
        launch_id = str(json.loads(fields.get("lti_message_hint", ""))["launchid"])
    except (ValueError, KeyError, TypeError) as error:
        raise ServiceError(404, "Invalid request", html=True) from error
    with platform.store.transaction() as store:
        launch = store.row("SELECT * FROM launches WHERE id = ?", [launch_id])
        if launch is None or (launch["used"] and platform.moodle):
            raise ServiceError(404, "Invalid request", html=True)
        store.write("UPDATE launches SET used = used + 1 WHERE id = ?", [launch_id])
    return launch


def _problem(platform: Platform, launch: Row, fields: dict[str, str]) -> tuple[str, str] | None:
    """What is wrong with an authentication request, as (error, description); the first of Moodle's order."""
    checks = (
        (fields["scope"] == "openid", "invalid_scope", ""),
        (fields["response_type"] == "id_token", "unsupported_response_type", ""),
        (fields["client_id"] == platform.config.client_id, "unauthorized_client", ""),
        (fields["login_hint"] == str(launch["person"]), "access_denied", ""),
        ("response_mode" in fields, "invalid_request", "Missing response_mode"),
        (fields.get("response_mode") == "form_post", "invalid_request", "Invalid response_mode"),
        (fields.get("prompt", "") in ("", "none"), "invalid_request", "Invalid prompt"),
        (platform.moodle or bool(fields.get("state")), "invalid_request", "Missing state"),
    )
    return next(((error, text) for fine, error, text in checks if not fine), None)


@blueprint.route("/auth", methods=["GET", "POST"])
@service("auth")
def authenticate() -> Response:
    """Answer the tool's authentication request with a form_post of id_token and state."""
    platform = current()
    fields = {**request.args.to_dict(), **request.form.to_dict()}
    g.person = fields.get("login_hint")
    if any(not fields.get(name) for name in NEEDED) or "repost" in fields:
        raise ServiceError(404, "Invalid request", html=True)
    launch = _launch_of(platform, fields)
    if fields["redirect_uri"] != platform.config.tool_launch_url:
        raise ServiceError(404, "Invalid request", html=True)
    problem = _problem(platform, launch, fields)
    if problem:
        error, description = problem
        g.reason = f"{error} {description}".strip()
        answer = {"error": error, "error_description": description, "state": fields.get("state", "")}
        return auto_post(fields["redirect_uri"], {k: v for k, v in answer.items() if v})
    fields.setdefault("state", "")
    form = messages.launch_form(platform, launch, fields)
    g.applied = True
    return auto_post(form.pop("launch_url"), form)


@blueprint.get("/jwks")
@service("jwks")
def key_set() -> Response:
    """The platform's public keys."""
    conf = messages.TrialConf(platform=current())
    conf.get_registration()
    return jsonify(conf.get_jwks())
