"""The control API of the tests: JSON over loopback."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from . import messages, registration, storage
from .core import SCOPES, Platform, current
from .faults import BadRule
from .forge import BadForgery, forge
from .grades import book, override
from .people import Incomplete, add_activity, add_person, change_person, custom_text, seed
from .store import Row

blueprint = Blueprint("control", __name__, url_prefix="/api")
LOOPBACK = ("127.", "::1", "::ffff:127.")


@blueprint.before_request
def only_loopback() -> None:
    """Refuse callers from elsewhere, and names other than the loopback's (DNS rebinding)."""
    host = request.host.rsplit(":", 1)[0]
    near = (request.remote_addr or "").startswith(LOOPBACK)
    if not near or host not in ("localhost", "[::1]", current().config.host, "127.0.0.1"):
        abort(403)


@blueprint.errorhandler(HTTPException)
def http_problem(error: HTTPException) -> tuple[Response, int]:
    """Errors of this API are JSON."""
    return jsonify({"error": error.description}), error.code or 500


@blueprint.errorhandler(ValueError)
def bad_request(error: ValueError) -> tuple[Response, int]:
    """Incomplete, BadRule, BadForgery and plain wrong values."""
    return jsonify({"error": str(error)}), 400


def _data() -> dict[str, Any]:
    data = request.get_json(force=True, silent=True) if request.get_data() else {}
    if not isinstance(data, dict):
        raise Incomplete("the body must be a JSON object")
    return data


def _person(platform: Platform, ref: Any) -> Row:
    return platform.person(ref) or abort(404, f"no person {ref}")


def _activity(platform: Platform, ref: Any) -> Row:
    return platform.activity(ref) or abort(404, f"no activity {ref}")


@blueprint.post("/reset")
def reset() -> Response:
    """Forget everything but the keys, put manners and scopes back; {"seed": "demo"} fills it again."""
    platform, data = current(), _data()
    with platform.store.transaction() as store:
        store.empty()
        store.set_setting("moodle", platform.config.moodle)
        store.set_setting("scopes", list(SCOPES))
        store.set_setting("extra_jwks", [])
        store.set_setting("tool_jwks_fetches", 0)
        for name in ("tool", "shares", "registration_tokens", "storage"):
            store.set_setting(name, {})
    platform.faults.set({"mode": "none"})
    seed(platform, data.get("seed", platform.config.seed))
    return state()


@blueprint.get("/state")
def state() -> Response:
    """People, courses, activities, line items, manners and faults."""
    platform = current()
    names = ("people", "courses", "activities", "lineitems", "enrolments", "tools")
    tables = {name: platform.store.rows(f"SELECT * FROM {name} ORDER BY 1") for name in names}
    for item in tables["lineitems"]:
        item["url"] = platform.lineitem_url(item)
    more = {"registration": platform.config.registration(), "moodle": platform.moodle}
    return jsonify({**tables, **more, "scopes": platform.scopes, "faults": platform.faults.describe()})


@blueprint.post("/courses")
def make_course() -> Response:
    """Make a course: shortname, title, idnumber."""
    data = _data()
    values = {name: str(data.get(name, "")) for name in ("shortname", "title", "idnumber")}
    return jsonify({"id": current().store.insert("courses", values)})


@blueprint.post("/people")
def make_people() -> Response:
    """Make a person, or many: {"people": [...]}, or {"count": N, "prefix": "s", …} for numbered ones."""
    platform, data = current(), _data()
    wanted = data.get("people") or [data]
    if "count" in data:
        prefix = data.pop("prefix", "student")
        numbers = range(1, int(data.pop("count")) + 1)
        wanted = [{"given": "No.", "family": str(n), **data, "username": f"{prefix}{n}"} for n in numbers]
    with platform.store.transaction():
        ids = [add_person(platform, person) for person in wanted]
    return jsonify({"id": ids[0], "ids": ids})


@blueprint.post("/people/<ref>")
def edit_person(ref: str) -> Response:
    """Change a person: any field, `courses` (their enrolments), `suspended`."""
    platform = current()
    person = _person(platform, ref)
    change_person(platform, person["id"], _data())
    return jsonify(platform.person(person["id"]))


@blueprint.post("/activities")
def make_activity() -> Response:
    """Make an activity; answers its id and, when graded, its line item."""
    platform, data = current(), _data()
    if "course" not in data:
        first = platform.store.row("SELECT id FROM courses ORDER BY id LIMIT 1")
        data["course"] = first["id"] if first else None
    return jsonify(_activity_answer(platform, add_activity(platform, data)))


def _activity_answer(platform: Platform, activity: int) -> Row:
    row = _activity(platform, activity)
    items = platform.store.rows("SELECT * FROM lineitems WHERE activity = ? ORDER BY id", [activity])
    answer = {**row, "lineitem": items[0]["id"] if items else None}
    answer["lineitem_url"] = platform.lineitem_url(items[0]) if items else None
    return answer


@blueprint.post("/activities/<int:ref>")
def edit_activity(ref: int) -> Response:
    """Change title, description, custom, target_link_uri; `locked` and `score_maximum` go to its column."""
    platform, data = current(), _data()
    _activity(platform, ref)
    names = ("title", "description", "target_link_uri")
    values = {name: data[name] for name in names if name in data}
    if "custom" in data:
        values["custom"] = custom_text(data["custom"])
    with platform.store.transaction() as store:
        if values:
            store.update("activities", ref, values)
        for name in ("locked", "score_maximum"):
            if name in data:
                sql = f"UPDATE lineitems SET {name} = ? WHERE activity = ? AND own = 1"
                store.write(sql, [float(data[name]), ref])
    return jsonify(_activity_answer(platform, ref))


@blueprint.post("/grades")
def teacher_grade() -> Response:
    """A teacher's override: {person, activity or lineitem, score or null}."""
    platform, data = current(), _data()
    person = _person(platform, data.get("person"))
    item = data.get("lineitem") or _activity_answer(platform, data.get("activity", 0))["lineitem"]
    override(platform, item, person["id"], data.get("score"))
    return jsonify({"person": person["id"], "lineitem": item, "score": data.get("score")})


@blueprint.get("/gradebook")
def gradebook() -> Response:
    """Flat grades: [{course, activity, lineitem, person, username, score, …}], only where one is stored."""
    platform, found = current(), []
    for course in platform.store.rows("SELECT id FROM courses ORDER BY id"):
        whole = book(platform, course["id"])
        items = {item["id"]: item for item in whole["lineitems"]}
        for student in whole["students"]:
            for number, grade in student["grades"].items():
                item, person = items[number], student["person"]
                about = {"course": course["id"], "activity": item["activity"], "label": item["label"]}
                about |= {"username": person["username"], "maximum": item["score_maximum"]}
                found.append({**about, **grade})
    return jsonify({"grades": found})


@blueprint.get("/effects")
def effects() -> Response:
    """Every score that was applied, in order; `after` gives those with a higher id."""
    after = request.args.get("after", 0, type=int)
    sql = "SELECT * FROM effects WHERE id > ? ORDER BY id"
    return jsonify({"effects": current().store.rows(sql, [after])})


@blueprint.get("/log")
def log() -> Response:
    """The call log; `after` gives what came later, `service` one service, `limit` at most so many."""
    after, limit = request.args.get("after", 0, type=int), request.args.get("limit", -1, type=int)
    name = request.args.get("service", "%")
    sql = "SELECT * FROM calls WHERE id > ? AND service LIKE ? ORDER BY id LIMIT ?"
    calls = current().store.rows(sql, [after, name, limit])
    for call in calls:
        call["applied"] = bool(call["applied"])
        call["headers"] = json.loads(call["headers"])
    return jsonify({"calls": calls, "last": calls[-1]["id"] if calls else after})


@blueprint.route("/faults", methods=["GET", "POST"])
def set_faults() -> Response:
    """Set the fault rules (see faults.py), or read them with their hits."""
    platform = current()
    if request.method == "POST":
        platform.faults.set(request.get_json(force=True))
    return jsonify({"rules": platform.faults.describe()})


@blueprint.route("/manners", methods=["GET", "POST"])
def manners() -> Response:
    """{"moodle": bool, "scopes": [...], "storage": {...}}: how the platform behaves, what it lets the tool do."""
    platform = current()
    if request.method == "POST":
        data = _data()
        for name in ("moodle", "scopes"):
            if name in data:
                platform.store.set_setting(name, data[name])
        if "storage" in data:
            storage.switch(platform, data["storage"])
    more = {"storage": storage.setting_of(platform)}
    return jsonify({"moodle": platform.moodle, "scopes": platform.scopes, **more})


@blueprint.get("/launch_url")
def launch_url() -> Response:
    """How to begin a launch: the page, the start address, and a fresh login request as the browser sends it.

    Without `activity` but with `course` it is a deep-linking launch, with `about` a data-privacy launch, with `for` a
    review of a person's work.
    """
    platform = current()
    if request.args.get("about"):
        return _privacy_launch_url(platform)
    person = _person(platform, request.args.get("person", ""))
    ref = request.args.get("activity")
    activity = _activity(platform, ref) if ref else None
    course = activity["course"] if activity else request.args.get("course", 0, type=int)
    target = request.args.get("target", "iframe")
    about = _person(platform, request.args["for"]) if request.args.get("for") else None
    login = messages.begin(platform, person, course, activity, target, about)
    root = platform.config.issuer
    tail = f"activity={activity['id']}" if activity else f"course={course}"
    place = f"activity/{activity['id']}" if activity else "select"
    whose = f"&for={about['id']}" if about else ""
    page = f"{root}/course/{course}/{place}"
    start = f"{root}/launch?person={person['id']}&{tail}"
    return jsonify({**login, "page": f"{page}?person={person['id']}{whose}", "start": start + whose})


def _privacy_launch_url(platform: Platform) -> Response:
    person = _person(platform, request.args.get("person", ""))
    about = _person(platform, request.args["about"])
    login = messages.begin(platform, person, 0, None, request.args.get("target", "iframe"), about)
    root, tail = f"{platform.config.issuer}/privacy", f"person={person['id']}&about={about['id']}"
    return jsonify({**login, "page": f"{root}?{tail}", "start": f"{root}/launch?{tail}"})


@blueprint.post("/launch")
def signed_launch() -> Response:
    """A ready-signed id_token, honest or forged as asked (see forge.py); nothing is sent to the tool."""
    platform, data = current(), _data()
    person = _person(platform, data.get("person"))
    activity = _activity(platform, data["activity"]) if data.get("activity") else None
    about = _person(platform, data["for"]) if data.get("for") else None
    launch = {
        "person": person["id"],
        "course": activity["course"] if activity else data.get("course"),
        "activity": activity["id"] if activity else None,
        "message": messages.kind_of(activity, about),
        "about": about["id"] if about else None,
        "target": data.get("target", "iframe"),
    }
    fields = {
        "nonce": str(data.get("nonce") or secrets.token_urlsafe(16)),
        "state": str(data.get("state") or secrets.token_urlsafe(16)),
        "redirect_uri": platform.config.tool_launch_url,
        "client_id": platform.config.client_id,
    }
    form = messages.launch_form(platform, launch, fields)
    made = forge(platform, form["id_token"], data)
    return jsonify({**made, "state": fields["state"], "launch_url": form["launch_url"]})


@blueprint.post("/registration_url")
def registration_url() -> Response:
    """{url, lifetime}: a tool's registration address with a fresh one-time token, as the frame opens it."""
    data = _data()
    lifetime = float(data.get("lifetime", registration.HOUR))
    return jsonify({"url": registration.start_url(current(), str(data.get("url", "")), lifetime)})


@blueprint.post("/tools/<int:number>/activate")
def activate_tool(number: int) -> Response:
    """Let a tool that registered itself be the one in use."""
    return jsonify(registration.activate(current(), number))


@blueprint.get("/jwks_hits")
def jwks_hits() -> Response:
    """How often the tool has asked for our keys, and we for the tool's, since the last reset."""
    store = current().store
    row = store.row("SELECT count(*) AS n FROM calls WHERE service = 'jwks'") or {"n": 0}
    return jsonify({"hits": row["n"], "tool_fetches": store.setting("tool_jwks_fetches", 0)})


@blueprint.post("/rotate_key")
def rotate_key() -> Response:
    """A new signing key; {"keep_old": false} takes the old ones out of the key set."""
    return jsonify({"kid": current().keys.rotate(bool(_data().get("keep_old", True)))})


@blueprint.post("/extra_jwks")
def extra_jwks() -> Response:
    """Plant extra (hostile) keys in the key set: {"keys": [...]}; an empty list takes them out."""
    keys = _data().get("keys", [])
    current().store.set_setting("extra_jwks", keys)
    return jsonify({"keys": keys})


@blueprint.post("/expire_tokens")
def expire_tokens() -> Response:
    """Make every access token given so far invalid."""
    sql = "UPDATE tokens SET expires = ? WHERE expires > ?"
    return jsonify({"expired": current().store.write(sql, [time.time() - 1, time.time()])})


__all__ = ["BadForgery", "BadRule", "blueprint"]
