"""The grade book: what a score does to a grade, by Moodle's rules or by the specification's."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from typing import Any

from .calls import ServiceError, now_text
from .core import Platform
from .people import is_gradable, members
from .store import Row

ISO = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2})$")
FULLY = "FullyGraded"


def parse_time(text: Any) -> float | None:
    """Seconds since 1970 of an ISO 8601 time with zone, or None when it is not one."""
    if not isinstance(text, str) or not ISO.match(text):
        return None
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return None


def _is_number(value: Any) -> bool:
    """Whether PHP's is_numeric would take it: a finite number, or a string that reads as one."""
    if isinstance(value, bool) or value is None:
        return False
    try:
        return abs(float(value)) != float("inf") and float(value) == float(value)
    except (TypeError, ValueError):
        return False


def _check(platform: Platform, item: Row, score: Any) -> tuple[Row, float]:
    """The person and the time of a score; raises ServiceError 400 with the reason."""
    if not isinstance(score, dict):
        raise ServiceError(400, "Incorrect score received", body="[]")
    missing = [
        name
        for name in ("userId", "timestamp", "activityProgress", "gradingProgress")
        if score.get(name) is None
    ]
    moment = parse_time(score.get("timestamp"))
    numbers = [score[name] for name in ("scoreGiven", "scoreMaximum") if score.get(name) is not None]
    person = platform.person(score["userId"]) if str(score.get("userId", "")).isdecimal() else None
    if missing:
        raise ServiceError(400, f"Incorrect score received: no {missing[0]}", body="[]")
    if moment is None or not all(_is_number(number) for number in numbers):
        raise ServiceError(400, "Incorrect score received: timestamp or number", body="[]")
    if score.get("scoreGiven") is not None and score.get("scoreMaximum") is None:
        raise ServiceError(400, "Incorrect score received: no scoreMaximum", body="[]")
    if person is None or not is_gradable(platform, item["course"], person):
        raise ServiceError(400, "Incorrect score received: user is not gradable", body="[]")
    return person, moment


def _refuse_stale(platform: Platform, item: Row, stored: Row | None, moment: float) -> None:
    """409 unless the score is newer than the grade: by a whole second (Moodle), or by any time."""
    if stored is None:
        return
    old, new = stored["modified"], moment
    if platform.moodle:
        old, new = int(old), int(new)
    if old >= new:
        reason = f"Refusing score with an earlier timestamp for item {item['id']}"
        raise ServiceError(409, f"{reason} and user {stored['person']}", body="[]")


def _stored_score(platform: Platform, item: Row, score: dict[str, Any]) -> float | None:
    """The grade that a score becomes: rescaled to the column's maximum and capped at it."""
    if score.get("scoreGiven") is None or (platform.moodle and score["gradingProgress"] != FULLY):
        return None
    maximum = float(score["scoreMaximum"])
    given = float(score["scoreGiven"])
    if maximum and maximum != item["score_maximum"]:
        given = given * item["score_maximum"] / maximum
    return round(min(max(given, 0.0), float(item["score_maximum"])), 5)


def _new_grade(platform: Platform, score: dict[str, Any], stored: Row | None, value: float | None) -> Row:
    """The grade's columns after the score. Moodle forgets what the score does not say."""
    moment = parse_time(score["timestamp"]) or 0.0
    comment = score.get("comment")
    if platform.moodle:
        # Without a final score the grade is wiped and the time becomes now.
        moment = moment if value is not None else time.time()
        comment = comment or None
    elif stored:
        keep = score["gradingProgress"] not in (FULLY, "NotReady") or score.get("scoreGiven") is None
        value = stored["score"] if keep and value is None else value
        comment = stored["comment"] if comment is None else comment
    return {
        "score": value,
        "override": stored["override"] if stored else None,
        "comment": comment,
        "modified": moment,
        "timestamp": score["timestamp"],
        "activity_progress": str(score["activityProgress"]),
        "grading_progress": str(score["gradingProgress"]),
    }


def apply_score(platform: Platform, item: Row, score: Any, body: str) -> Row:
    """Store a score, or raise ServiceError (400 unfit, 409 not newer, 500 locked column).

    The grade and its row in `effects` are written in one transaction; returns the effect.
    """
    person, moment = _check(platform, item, score)
    key = [item["id"], person["id"]]
    with platform.store.transaction() as store:
        stored = store.row("SELECT * FROM grades WHERE lineitem = ? AND person = ?", key)
        _refuse_stale(platform, item, stored, moment)
        if item["locked"]:
            raise ServiceError(500, "Internal Server Error", body="[]")
        value = _stored_score(platform, item, score)
        grade = _new_grade(platform, score, stored, value)
        store.write("DELETE FROM grades WHERE lineitem = ? AND person = ?", key)
        store.insert("grades", {"lineitem": item["id"], "person": person["id"], **grade})
        effect = {
            "at": now_text(),
            "lineitem": item["id"],
            "person": person["id"],
            "score_given": score.get("scoreGiven"),
            "score_maximum": score.get("scoreMaximum"),
            "stored": grade["score"],
            "timestamp": score["timestamp"],
            "body": body,
        }
        effect["id"] = store.insert("effects", effect)
    return effect


def override(platform: Platform, item: int, person: int, value: float | None) -> None:
    """A teacher's own grade: it stands whatever the tool sends, and is stamped now. None takes it back."""
    now = datetime.now(UTC)
    with platform.store.transaction() as store:
        fresh = {"lineitem": item, "person": person, "modified": now.timestamp(), "timestamp": ""}
        sql = "SELECT 1 FROM grades WHERE lineitem = ? AND person = ?"
        if store.row(sql, [item, person]) is None:
            store.insert("grades", fresh)
        sql = "UPDATE grades SET override = ?, modified = ? WHERE lineitem = ? AND person = ?"
        store.write(sql, [value, now.timestamp(), item, person])


def final(grade: Row) -> float | None:
    """The grade that counts."""
    value: float | None = grade["score"] if grade["override"] is None else grade["override"]
    return value


def results(platform: Platform, item: Row, user: str | None) -> list[Row]:
    """The /results container of a line item, in the specification's form."""
    sql = "SELECT * FROM grades WHERE lineitem = ?" + (" AND person = ?" if user else "") + " ORDER BY person"
    url = platform.lineitem_url(item)
    base, _, query = url.partition("?")
    found = []
    for grade in platform.store.rows(sql, [item["id"], user] if user else [item["id"]]):
        tail = f"?{query}&user_id={grade['person']}" if query else f"?user_id={grade['person']}"
        result: Row = {"id": f"{base}/results{tail}", "userId": str(grade["person"])}
        value = final(grade)
        if value is not None:
            moment = datetime.fromtimestamp(int(grade["modified"]), UTC).isoformat()
            result |= {"resultScore": value, "resultMaximum": item["score_maximum"]}
            result |= {"scoreOf": url, "timestamp": moment}
            if grade["comment"]:
                result["comment"] = grade["comment"]
        found.append(result)
    return found


def book(platform: Platform, course: int) -> Row:
    """The grade book of a course: {lineitems, students: [{person, grades: {line item id: grade}}]}."""
    items = platform.store.rows("SELECT * FROM lineitems WHERE course = ? ORDER BY id", [course])
    sql = "SELECT g.* FROM grades g JOIN lineitems l ON l.id = g.lineitem WHERE l.course = ?"
    grades = platform.store.rows(sql, [course])
    students = []
    for person in members(platform, course):
        if person["role"] == "student":
            own = {g["lineitem"]: {**g, "final": final(g)} for g in grades if g["person"] == person["id"]}
            students.append({"person": person, "grades": own})
    return {"lineitems": items, "students": students}


def parse_body(body: str) -> Any:
    """The JSON of a call, or None when it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None
