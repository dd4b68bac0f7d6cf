"""Assignment and Grade Services: line items, scores, results."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, request

from . import reviewing
from .calls import ServiceError, service
from .core import LINEITEM, LINEITEM_READ, RESULT_READ, SCORE, Platform, current
from .grades import apply_score, parse_body, results
from .people import lineitem_of
from .store import Row
from .tokens import require

blueprint = Blueprint("ags", __name__, url_prefix="/services")
CONTAINER = "application/vnd.ims.lis.v2.lineitemcontainer+json"
ITEM = "application/vnd.ims.lis.v2.lineitem+json"
SCORES = "application/vnd.ims.lis.v1.score+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"


def _check_accept(*allowed: str) -> None:
    """Moodle wants the one exact media type or no Accept at all."""
    accept = request.headers.get("Accept", "")
    if current().moodle and accept and accept not in allowed:
        raise ServiceError(400, "Bad Request")


def _check_content_type(wanted: str) -> None:
    """The exact media type; only a charset may follow."""
    extra = set(request.mimetype_params) - {"charset"}
    if request.mimetype != wanted or extra:
        raise ServiceError(400 if current().moodle else 415, "Bad Request")


def _reply(data: Any, kind: str, status: int = 200) -> Response:
    return Response(json.dumps(data), status, content_type=f"{kind}; charset=utf-8")


def _course(platform: Platform, course: int) -> None:
    if platform.course(course) is None:
        raise ServiceError(404, f"Not Found: Course {course} doesn't exist")


def _item(platform: Platform, course: int, item: int) -> Row:
    _course(platform, course)
    sql = "SELECT * FROM lineitems WHERE id = ? AND course = ?"
    row = platform.store.row(sql, [item, course])
    if row is None:
        raise ServiceError(404, f"Not Found: Grade item {item} doesn't exist")
    return row


def _as_json(platform: Platform, item: Row) -> Row:
    data: Row = {
        "id": platform.lineitem_url(item),
        "label": item["label"],
        "scoreMaximum": item["score_maximum"],
        "resourceId": item["resource_id"],
        "tag": item["tag"],
    }
    if item["review"]:
        data["submissionReview"] = reviewing.of_item(item)
    if item["activity"]:
        data["resourceLinkId"] = str(item["activity"])
        if platform.moodle:
            data["ltiLinkId"] = str(item["activity"])
    return data


def _wanted(data: Any) -> Row:
    """The columns of a line item from the tool's JSON; 400 when label or maximum is missing or wrong."""
    try:
        maximum = float(data["scoreMaximum"])
        label = data["label"]
    except (TypeError, KeyError, ValueError) as error:
        raise ServiceError(400, "No label or Score Maximum") from error
    if not label or maximum <= 0:
        raise ServiceError(400, "No label or Score Maximum")
    resource_id, tag = str(data.get("resourceId") or ""), str(data.get("tag") or "")
    review = reviewing.kept(data.get("submissionReview"))  # a change that says nothing of it takes it away
    row = {"label": str(label), "score_maximum": maximum, "resource_id": resource_id, "tag": tag}
    return {**row, "review": review}


def _linked(platform: Platform, course: int, data: Any) -> int | None:
    """The activity that a line item is to hang on; 403 when it is not one of this course."""
    link = data.get("resourceLinkId") or data.get("ltiLinkId")
    if link is None:
        return None
    activity = platform.activity(link)
    if activity is None or activity["course"] != course:
        raise ServiceError(403, "Invalid LTI id supplied.")
    return int(activity["id"])


@blueprint.get("/<int:course>/lineitems")
@service("lineitems")
def list_items(course: int) -> Response:
    """The line items of a course, filtered by resource_id, tag, resource_link_id; paged by limit and from."""
    platform = current()
    _check_accept(CONTAINER)
    require(LINEITEM, LINEITEM_READ)
    _course(platform, course)
    found = platform.store.rows("SELECT * FROM lineitems WHERE course = ? ORDER BY id", [course])
    filters = {"resource_id": "resource_id", "tag": "tag", "resource_link_id": "activity"}
    for name, column in filters.items():
        if name in request.args:
            found = [item for item in found if str(item[column] or "") == request.args[name]]
    start = request.args.get("from", 0, type=int)
    limit = request.args.get("limit", 0, type=int)
    page = found[start : start + limit] if limit else found
    response = _reply([_as_json(platform, item) for item in page], CONTAINER)
    if limit and start + limit < len(found):
        response.headers["Link"] = _next_link(platform, course, start + limit, limit)
    return response


def _next_link(platform: Platform, course: int, start: int, limit: int) -> str:
    """A next link; Moodle's has HTML entities and curly quotes and cannot be parsed."""
    base = platform.lineitems_url(course)
    if platform.moodle:
        return f"<{base}&amp;limit={limit}&amp;from={start}>; rel=“next”".encode().decode("latin-1")
    return f'<{base}?limit={limit}&from={start}>; rel="next"'


@blueprint.post("/<int:course>/lineitems")
@service("lineitems")
def add_item(course: int) -> Response:
    """Make a line item; dates are echoed, not stored."""
    platform = current()
    _check_content_type(ITEM)
    require(LINEITEM)
    _course(platform, course)
    data = parse_body(request.get_data(as_text=True))
    row = {"course": course, "own": 0, **_wanted(data), "activity": _linked(platform, course, data)}
    with platform.store.transaction() as store:
        item = store.insert("lineitems", row)
    g.applied = True
    url = platform.lineitem_url({"course": course, "id": item})
    return _reply({**data, "id": url}, ITEM, 201)


@blueprint.get("/<int:course>/lineitems/<int:item>/lineitem")
@service("lineitem")
def show_item(course: int, item: int) -> Response:
    """One line item."""
    platform = current()
    if "*/*" not in request.headers.get("Accept", ""):
        _check_accept(ITEM)
    require(LINEITEM, LINEITEM_READ)
    return _reply(_as_json(platform, _item(platform, course, item)), ITEM)


@blueprint.put("/<int:course>/lineitems/<int:item>/lineitem")
@service("lineitem")
def change_item(course: int, item: int) -> Response:
    """Change a line item; grades keep their percentage when the maximum changes."""
    platform = current()
    _check_content_type(ITEM)
    require(LINEITEM)
    row = _item(platform, course, item)
    data = parse_body(request.get_data(as_text=True))
    values = _wanted(data)
    if data.get("resourceLinkId"):
        values["activity"] = _linked(platform, course, data)
    with platform.store.transaction() as store:
        store.update("lineitems", item, values)
        factor = values["score_maximum"] / row["score_maximum"]
        store.write("UPDATE grades SET score = score * ? WHERE lineitem = ?", [factor, item])
    g.applied = True
    return _reply({**data, "id": platform.lineitem_url(row)}, ITEM)


@blueprint.delete("/<int:course>/lineitems/<int:item>/lineitem")
@service("lineitem")
def remove_item(course: int, item: int) -> Response:
    """Remove a line item with its grades, an activity's own column too (Moodle does)."""
    platform = current()
    require(LINEITEM)
    row = _item(platform, course, item)
    with platform.store.transaction() as store:
        store.write("DELETE FROM grades WHERE lineitem = ?", [item])
        store.write("DELETE FROM lineitems WHERE id = ?", [item])
        if row["own"] and row["activity"] and lineitem_of(platform, row["activity"]) is None:
            store.update("activities", row["activity"], {"graded": 0})
    g.applied = True
    return Response(status=204)


@blueprint.post("/<int:course>/lineitems/<int:item>/lineitem/scores")
@service("scores")
def post_score(course: int, item: int) -> Response:
    """Take a score."""
    platform = current()
    body = request.get_data(as_text=True)
    score = parse_body(body)
    g.person = str(score["userId"]) if isinstance(score, dict) and "userId" in score else None
    _check_content_type(SCORES)
    require(SCORE)
    effect = apply_score(platform, _item(platform, course, item), score, body)
    g.applied = True
    if platform.moodle:
        return Response("", 200, content_type=f"{SCORES}; charset=utf-8")
    return _reply(
        {
            "resultUrl": f"{platform.lineitem_url({'course': course, 'id': item})}/results",
            "effect": effect["id"],
        },
        SCORES,
    )


@blueprint.get("/<int:course>/lineitems/<int:item>/lineitem/results")
@service("results")
def show_results(course: int, item: int) -> Response:
    """The grades of a line item, of one person with user_id; `limit` kills Moodle's (404 HTML)."""
    platform = current()
    g.person = request.args.get("user_id")
    _check_accept(RESULTS)
    require(RESULT_READ)
    row = _item(platform, course, item)
    if platform.moodle and request.args.get("limit"):
        raise ServiceError(404, "Not Found", html=True)
    found = results(platform, row, request.args.get("user_id"))
    limit = request.args.get("limit", 0, type=int)
    start = request.args.get("from", 0, type=int)
    response = _reply(found[start : start + limit] if limit else found, RESULTS)
    if limit and start + limit < len(found):
        base = request.base_url
        response.headers["Link"] = f'<{base}?limit={limit}&from={start + limit}>; rel="next"'
    return response
