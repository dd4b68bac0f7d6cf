"""The way back from deep linking: check the tool's answer and make the activities it chose."""

from __future__ import annotations

from typing import Any

import jwt
from flask import Blueprint, Response, g, render_template, request
from lti1p3platform import exceptions

from .calls import ServiceError, service
from .claims import LTI_DL
from .core import Platform, current
from .messages import TrialConf
from .people import add_activity
from .toolkeys import KeySetUnreachable, UntrustedToken

blueprint = Blueprint("deep_linking", __name__)


def _items(platform: Platform, token: str) -> list[dict[str, Any]]:
    """The content items of a response; lti1p3platform checks signature, message type and item types."""
    try:
        claims = platform.tool_keys.verify(token)
        conf = TrialConf(platform=platform).set_accepted_deeplinking_types(["ltiResourceLink"])
        conf.get_registration()
        items = conf.validate_deeplinking_resp({"JWT": token})
    except KeySetUnreachable as error:
        raise ServiceError(404, "Invalid request", html=True) from error
    except (UntrustedToken, jwt.PyJWTError, exceptions.LtiException) as error:
        raise ServiceError(400, f"Consumer key is incorrect: {error}", html=True) from error
    except exceptions.LtiDeepLinkingResponseException as error:
        raise ServiceError(400, str(error), html=True) from error
    if claims.get("iss") != platform.config.client_id:
        raise ServiceError(400, "iss is not the client id", html=True)
    g.reason = str(claims.get(LTI_DL + "errormsg", ""))
    return list(items)


def _score_maximum(platform: Platform, item: dict[str, Any], several: bool) -> float:
    """Moodle takes whole numbers from 1 to 100: a form error for one item, 100 instead for several."""
    maximum = float(item["lineItem"].get("scoreMaximum", 100))
    if not platform.moodle or (maximum == int(maximum) and 1 <= maximum <= 100):
        return maximum
    if several:
        return 100
    raise ServiceError(400, "Maximum grade must be a whole number from 1 to 100", html=True)


def activity_data(platform: Platform, course: int, item: dict[str, Any], several: bool) -> dict[str, Any]:
    """What an activity made from a content item looks like (the column's own label is ignored)."""
    data: dict[str, Any] = {
        "course": course,
        "title": item.get("title") or "Untitled",
        "description": item.get("text", ""),
        "custom": item.get("custom", {}),
        "target_link_uri": item.get("url"),
    }
    if item.get("lineItem"):
        column = item["lineItem"]
        data |= {"graded": True, "score_maximum": _score_maximum(platform, item, several)}
        data |= {"resource_id": column.get("resourceId", ""), "tag": column.get("tag", "")}
        data["review"] = column.get("submissionReview")
    return data


@blueprint.post("/deep_link_return")
@service("deep_link")
def deep_link_return() -> Response:
    """Take a deep-linking response and make its activities."""
    platform = current()
    course = request.args.get("course", 0, type=int)
    if platform.course(course) is None or request.args.get("sesskey") != platform.sesskey:
        raise ServiceError(404, "Invalid request", html=True)
    items = _items(platform, request.form.get("JWT", ""))
    made = []
    with platform.store.transaction():
        for item in items:
            data = activity_data(platform, course, item, several=len(items) > 1)
            made.append(platform.activity(add_activity(platform, data)))
    g.applied = bool(made)
    page = render_template("deep_linked.html", course=platform.course(course), made=made)
    return Response(page, mimetype="text/html")
