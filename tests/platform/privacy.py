"""Data-privacy launches: what the tool keeps of somebody, asked by that person or by the platform's administrator."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from . import messages, storage
from .auth import auto_post
from .core import current
from .people import ROLE_NAMES

blueprint = Blueprint("privacy", __name__, url_prefix="/privacy")


@blueprint.get("")
def page() -> Response:
    """The page with the tool in a frame; `about` is whom it is about, the person themselves without it."""
    platform = current()
    person = platform.person(request.args.get("person", "")) or abort(404)
    about = platform.person(request.args.get("about") or person["id"]) or abort(404)
    values = {"person": person, "about": about, "storage": storage.for_page(platform)}
    common = {"moodle": platform.moodle, "tool": platform.config.tool, "role_names": ROLE_NAMES}
    return Response(render_template("privacy.html", **common, **values), mimetype="text/html")


@blueprint.get("/launch")
def start() -> AnyResponse:
    """Begin the launch."""
    platform = current()
    person = platform.person(request.args.get("person", "")) or abort(404)
    about = platform.person(request.args.get("about", "")) or abort(404)
    target = request.args.get("target", "iframe")
    login = messages.begin(platform, person, 0, None, target, about)
    return auto_post(login["action"], login["params"])
