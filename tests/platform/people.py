"""People, courses, activities and their line items: making and reading them, and the demonstration set."""

from __future__ import annotations

import json
from typing import Any

from .core import Platform
from .store import Row

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
LAUNCH_ROLES = {
    "student": [MEMBERSHIP + "Learner"],
    "assistant": [MEMBERSHIP + "Instructor"],
    "teacher": [MEMBERSHIP + "Instructor"],
    "admin": [
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
        MEMBERSHIP + "Instructor",
    ],
    "visitor": [MEMBERSHIP + "Learner"],
}
ROSTER_ROLES = {"student": "Learner", "assistant": "Learner", "teacher": "Instructor", "admin": "Instructor"}
ROLE_NAMES = {
    "student": "student",
    "teacher": "teacher",
    "assistant": "non-editing teacher",
    "admin": "administrator",
    "visitor": "not logged in",
}
PERSON_FIELDS = ("username", "given", "family", "email", "sourcedid", "role", "locale", "anonymous")
ACTIVITY_FIELDS = ("course", "title", "description", "custom", "target_link_uri", "graded")

DEMO_PEOPLE: list[Row] = [
    {"username": "ona", "given": "Ona", "family": "Kazlauskaitė", "locale": "lt"},
    {"username": "jonas", "given": "Jonas", "family": "Žukauskas", "locale": "lt"},
    {"username": "emma", "given": "Emma", "family": "Berg", "locale": "en"},
    {"username": "sarunas", "given": "Šarūnas", "family": "Čepaitis", "locale": "lt"},
    {"username": "nameless", "anonymous": 1, "locale": "en"},
    {"username": "rasa", "given": "Rasa", "family": "Petrauskienė", "role": "teacher", "locale": "lt"},
    {"username": "tom", "given": "Tom", "family": "Hill", "role": "assistant", "locale": "en"},
    {"username": "admin", "given": "Site", "family": "Administrator", "role": "admin", "locale": "en"},
]
DEMO_COURSES: list[Row] = [
    {"shortname": "INFO101", "title": "Information skills", "idnumber": "lib-info-101"},
    {"shortname": "SOURCE", "title": "Šaltinių vertinimas", "idnumber": "lib-source"},
]


class Incomplete(ValueError):
    """Something needed to make a person or an activity is missing or wrong."""


def add_person(platform: Platform, data: dict[str, Any]) -> int:
    """Make a person and enrol them (in `courses`, or in every course unless they are an administrator)."""
    values = {name: data[name] for name in PERSON_FIELDS if name in data}
    if not values.get("username") or values.get("role", "student") not in LAUNCH_ROLES:
        raise Incomplete(f"a person needs a username, and a role among {', '.join(LAUNCH_ROLES)}")
    if not values.get("anonymous"):
        values.setdefault("sourcedid", f"sid-{values['username']}")
        values.setdefault("email", f"{values['username']}@example.org")
    with platform.store.transaction() as store:
        person = store.insert("people", values)
        wanted = data.get("courses")
        if wanted is None:
            unlisted = values.get("role") in ("admin", "visitor")
            wanted = [] if unlisted else [row["id"] for row in store.rows("SELECT id FROM courses")]
        for course in wanted:
            enrol(platform, course, person)
    return person


def change_person(platform: Platform, person: int, data: dict[str, Any]) -> None:
    """Change a person; `courses` replaces the enrolments, `suspended` sets the flag in all of them."""
    values = {name: data[name] for name in PERSON_FIELDS if name in data}
    if values.get("role", "student") not in LAUNCH_ROLES:
        raise Incomplete(f"a role is one of {', '.join(LAUNCH_ROLES)}")
    with platform.store.transaction() as store:
        if values:
            store.update("people", person, values)
        if "courses" in data:
            store.write("DELETE FROM enrolments WHERE person = ?", [person])
            for course in data["courses"]:
                enrol(platform, course, person)
        if "suspended" in data:
            flag = int(bool(data["suspended"]))
            store.write("UPDATE enrolments SET suspended = ? WHERE person = ?", [flag, person])


def enrol(platform: Platform, course: int, person: int) -> None:
    """Make a person a member of a course."""
    sql = "INSERT OR IGNORE INTO enrolments (course, person) VALUES (?, ?)"
    platform.store.write(sql, [course, person])


def is_gradable(platform: Platform, course: int, person: Row) -> bool:
    """Whether the grade book has a row for this person: enrolled students only."""
    sql = "SELECT 1 FROM enrolments WHERE course = ? AND person = ?"
    return person["role"] == "student" and platform.store.row(sql, [course, person["id"]]) is not None


def members(platform: Platform, course: int) -> list[Row]:
    """The active members of a course (suspended ones vanish, as in Moodle)."""
    sql = (
        "SELECT p.* FROM people p JOIN enrolments e ON e.person = p.id"
        " WHERE e.course = ? AND e.suspended = 0 ORDER BY p.id"
    )
    return platform.store.rows(sql, [course])


def custom_text(custom: Any) -> str:
    """Custom parameters as Moodle's text field: lines of k=v."""
    if isinstance(custom, dict):
        return "\n".join(f"{name}={value}" for name, value in custom.items())
    return str(custom or "")


def add_activity(platform: Platform, data: dict[str, Any]) -> int:
    """Make an activity, with its own line item when it is graded. Returns its id."""
    values = {name: data[name] for name in ACTIVITY_FIELDS if name in data}
    if not values.get("title") or platform.course(values.get("course")) is None:
        raise Incomplete("an activity needs a title and an existing course")
    values["custom"] = custom_text(data.get("custom"))
    values["graded"] = int(bool(data.get("graded")))
    values["target_link_uri"] = data.get("target_link_uri") or platform.config.tool_launch_url
    with platform.store.transaction() as store:
        activity = store.insert("activities", values)
        if values["graded"]:
            item = {
                "course": values["course"],
                "activity": activity,
                "own": 1,
                "label": values["title"],
                "score_maximum": float(data.get("score_maximum", 10)),
                "resource_id": str(data.get("resource_id", "")),
                "tag": str(data.get("tag", "")),
                "review": json.dumps(data["review"]) if data.get("review") else "",
            }
            store.insert("lineitems", item)
    return activity


def lineitem_of(platform: Platform, activity: int) -> Row | None:
    """The line item that launches of this activity name: none when there are several (or none)."""
    found = platform.store.rows("SELECT * FROM lineitems WHERE activity = ?", [activity])
    return found[0] if len(found) == 1 else None


def seed(platform: Platform, name: str | None) -> None:
    """Fill an empty platform: "demo", or nothing but the visitor who is not logged in (id 0)."""
    with platform.store.transaction() as store:
        if platform.person(0) is None:
            store.insert("people", {"id": 0, "username": "visitor", "role": "visitor", "anonymous": 1})
        if name != "demo" or store.row("SELECT 1 FROM courses"):
            return
        courses = [store.insert("courses", course) for course in DEMO_COURSES]
        for person in DEMO_PEOPLE:
            add_person(platform, person)
        first = {"course": courses[0], "title": "Catalogue and databases", "graded": True}
        add_activity(platform, {**first, "score_maximum": 10, "description": "How to find a book."})
        add_activity(platform, {"course": courses[0], "title": "Reading list", "custom": "view=reading"})
        third = {"course": courses[1], "title": "Šaltinio patikimumas", "graded": True}
        add_activity(platform, {**third, "score_maximum": 100, "custom": "locale=lt\nuser=$User.id"})
