"""The pages for people: choose who you are, open activities, look at grades and calls."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from . import storage
from .core import Platform, current
from .faults import MODES, SERVICES, BadRule
from .grades import book
from .people import LAUNCH_ROLES, ROLE_NAMES, Incomplete, add_activity

blueprint = Blueprint("pages", __name__)
LOG_ROWS = 200


def _page(template: str, **values: Any) -> Response:
    platform = current()
    common = {"moodle": platform.moodle, "tool": platform.config.tool, "role_names": ROLE_NAMES}
    return Response(render_template(template, **common, **values), mimetype="text/html")


def whose() -> dict[str, Any]:
    """Who looks at the page, for its links: `me`, and `as_me`, the end of an address that leaves them who they are.

    `framed`: the browser shows it in a frame, where the tool had been: then the page is no site of its own.
    """
    me = request.args.get("person", "")
    framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
    return {"me": me, "as_me": f"?{urlencode({'person': me})}" if me else "", "framed": framed}


def _courses(platform: Platform) -> list[dict[str, Any]]:
    courses = platform.store.rows("SELECT * FROM courses ORDER BY id")
    sql = (
        "SELECT a.*, (SELECT max(score_maximum) FROM lineitems l WHERE l.activity = a.id) AS maximum"
        " FROM activities a WHERE course = ? ORDER BY id"
    )
    return [{**course, "activities": platform.store.rows(sql, [course["id"]])} for course in courses]


@blueprint.get("/")
def home() -> Response:
    """Who you are, courses and activities, and the switches."""
    platform = current()
    people = platform.store.rows("SELECT * FROM people WHERE id > 0 ORDER BY id LIMIT 200")
    visitor = platform.person(0)
    people += [visitor] if visitor else []
    chosen = platform.person(request.args.get("person", "")) or (people[0] if people else None)
    return _page(
        "home.html",
        people=people,
        chosen=chosen,
        roles=LAUNCH_ROLES,
        courses=_courses(platform),
        rules=platform.faults.describe(),
        storage=storage.setting_of(platform),
        modes=[mode for mode in MODES if mode != "answer"],
        services=SERVICES,
        registration=platform.config.registration(),
        note=request.args.get("note", ""),
    )


@blueprint.post("/add-activity")
def make_activity() -> AnyResponse:
    """The form that adds an activity."""
    form = request.form
    person = form.get("person", "")
    data = {
        "course": form.get("course", type=int),
        "title": form.get("title", "").strip(),
        "custom": form.get("custom", ""),
        "target_link_uri": form.get("target_link_uri", "").strip(),
        "graded": "graded" in form,
        "score_maximum": form.get("score_maximum") or 10,
    }
    try:
        add_activity(current(), data)
    except Incomplete as error:
        return redirect(url_for("pages.home", person=person, note=str(error)))
    return redirect(url_for("pages.home", person=person, note=f"Added: {data['title']}"))


@blueprint.post("/switches")
def switches() -> AnyResponse:
    """The form that sets manners and one fault rule."""
    form, platform = request.form, current()
    note = "Switches set."
    platform.store.set_setting("moodle", "moodle" in form)
    if ("storage" in form) != bool(storage.setting_of(platform)):
        storage.switch(platform, {"target": storage.PARENT} if "storage" in form else None)
    rule: dict[str, Any] = {"mode": form.get("mode", "none"), "rate": float(form.get("rate") or 1)}
    rule |= {"seconds": float(form.get("seconds") or 1), "only": form.get("only") or None}
    try:
        platform.faults.set(rule)
    except BadRule as error:
        note = str(error)
    return redirect(url_for("pages.home", person=form.get("person", ""), note=note))


@blueprint.get("/course/<int:course>/activity/<int:activity>")
def activity_page(course: int, activity: int) -> Response:
    """An activity with the tool in a frame, as Moodle shows it; `method=get` starts the login by GET.

    `for` a student it is what they did there, as Moodle's *Grade analysis* opens it (submission review).
    """
    platform = current()
    row = platform.activity(activity)
    person = platform.person(request.args.get("person", "")) or abort(404)
    if row is None or row["course"] != course:
        abort(404)
    values = {"activity": row, "course": platform.course(course), "person": person}
    values["storage"] = storage.for_page(platform)
    values["about"] = platform.person(request.args["for"]) if request.args.get("for") else None
    return _page("activity.html", **values, method=request.args.get("method", "post"))


@blueprint.get("/course/<int:course>/select")
def select_page(course: int) -> Response:
    """Deep linking: the tool's picker in a frame."""
    platform = current()
    person = platform.person(request.args.get("person", "")) or abort(404)
    row = platform.course(course) or abort(404)
    values = {"activity": None, "course": row, "person": person, "storage": storage.for_page(platform)}
    return _page("activity.html", **values, method="post")


@blueprint.get("/course/<int:course>/return")
def tool_return(course: int) -> Response:
    """Where the tool sends people back; shows its message."""
    row = current().course(course) or abort(404)
    error, message = request.args.get("lti_errormsg", ""), request.args.get("lti_msg", "")
    return _page("return.html", course=row, error=error, message=message)


@blueprint.get("/gradebook")
def gradebook() -> Response:
    """All courses' grade books, as a teacher sees them (or as `person`)."""
    platform = current()
    teachers = platform.store.rows("SELECT * FROM people WHERE role != 'student' AND id > 0 ORDER BY id")
    viewer = platform.person(request.args.get("person", "")) or (teachers[0] if teachers else None)
    courses = [{**course, **book(platform, course["id"])} for course in _courses(platform)]
    return _page("gradebook.html", courses=courses, viewer=viewer)


@blueprint.get("/log")
def log() -> Response:
    """The latest calls of the tool, newest first."""
    calls = current().store.rows("SELECT * FROM calls ORDER BY id DESC LIMIT ?", [LOG_ROWS])
    for call in calls:
        call["headers"] = json.loads(call["headers"])
    return _page("log.html", calls=calls, most=LOG_ROWS)
