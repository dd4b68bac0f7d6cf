"""Platform storage: the platform's page keeps values for a tool whose frame has no cookies.

`static/storage.js` answers lti.capabilities, lti.put_data and lti.get_data (1EdTech LTI Client Side postMessages 0.1,
LTI postMessage Storage 0.1), in the page around the tool or in a frame beside it. Off unless switched on: Moodle has
none. `{"target": "_parent" or a frame's name, "fault": one of FAULTS}`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, render_template

from .core import Platform, current

blueprint = Blueprint("storage", __name__)
PARENT = "_parent"
FAULTS = ("none", "silent", "error", "elsewhere", "twice", "forgets", "forgets_later", "changes_later")


def switch(platform: Platform, wanted: Any) -> None:
    """Switch storage on, or off (None or an empty object). Raises ValueError."""
    if not wanted:
        platform.store.set_setting("storage", {})
        return
    setting = {"target": str(wanted.get("target", PARENT)), "fault": str(wanted.get("fault", "none"))}
    if setting["fault"] not in FAULTS:
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}")
    platform.store.set_setting("storage", setting)


def setting_of(platform: Platform) -> dict[str, str]:
    """How storage is switched; empty when it is off."""
    return dict(platform.store.setting("storage", {}))


def for_page(platform: Platform) -> dict[str, Any] | None:
    """What the page around the tool has to know; None when storage is off."""
    setting = setting_of(platform)
    if not setting:
        return None
    tool = urlsplit(platform.config.tool_login_url)
    elsewhere = f"http://localhost:{platform.config.port}/storage-elsewhere"
    return {
        **setting,
        "tool": f"{tool.scheme}://{tool.netloc}",
        "beside": setting["target"] != PARENT,
        "elsewhere": elsewhere if setting["fault"] == "elsewhere" else "",
    }


@blueprint.get("/storage-frame")
def frame() -> Response:
    """The frame beside the tool's that keeps the values."""
    storage = for_page(current()) or abort(404)
    return Response(render_template("storage_frame.html", storage=storage), mimetype="text/html")


@blueprint.get("/storage-elsewhere")
def elsewhere() -> Response:
    """A page of another origin that answers in the keeper's place: the tool must not listen to it."""
    return Response(render_template("storage_elsewhere.html"), mimetype="text/html")
