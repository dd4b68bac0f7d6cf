"""Gives the trial platform a course whose activities open the portal's: ``make platform`` runs it.

Reads what ``manage.py activities --json`` prints from standard input and waits for the platform at
``--url``. Running it again adds nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import requests

TITLE = "Informacinis raštingumas"
KINDS = ("course", "lesson", "quiz")
LIBRARYS = {"shortname": "SOC1001", "title": "Sociologijos įvadas"}


def wait(url: str, seconds: float = 30) -> dict[str, Any]:
    """Return the platform's state once it answers. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state: dict[str, Any] = requests.get(f"{url}/api/state", timeout=5).json()
            return state
        except requests.ConnectionError:
            time.sleep(0.2)
    raise TimeoutError(url)


def furnish(url: str, rows: list[dict[str, str]]) -> int:
    """Add the first published activity of each kind, graded where it has one, and the library's; return how many."""
    state = wait(url)
    known = {str(activity["custom"]) for activity in state["activities"]}
    course = next((one["id"] for one in state["courses"] if one["title"] == TITLE), None)
    added = 0
    for kind in KINDS:
        row = next((one for one in rows if one["kind"] == kind and one["language"] == "lt"), None)
        if row is None or any(row["uuid"] in custom for custom in known):
            continue
        if course is None:
            made = requests.post(
                f"{url}/api/courses", json={"shortname": "IR101", "title": TITLE}, timeout=10
            )
            course = made.json()["id"]
        graded = kind != "lesson"
        activity = {
            "title": row["title"],
            "course": course,
            "custom": {"activity": row["uuid"]},
            "graded": graded,
        }
        requests.post(f"{url}/api/activities", json=activity, timeout=10).raise_for_status()
        added += 1
    if added:
        enrol_all(url, course)
    return added + add_library(url, known)


def add_library(url: str, known: set[str]) -> int:
    """Add a course for which the demo's library has a reading list, with a link to the library; return how many."""
    if any("library" in custom for custom in known):
        return 0
    made = requests.post(f"{url}/api/courses", json=LIBRARYS, timeout=10)
    course = made.json()["id"]
    link = {"title": "Biblioteka", "course": course, "custom": {"activity": "library"}}
    requests.post(f"{url}/api/activities", json=link, timeout=10).raise_for_status()
    enrol_all(url, course)
    return 1


def enrol_all(url: str, course: int) -> None:
    """Enrol the platform's people in the course too, or it takes no grades of theirs."""
    state = requests.get(f"{url}/api/state", timeout=10).json()
    for person in state["people"]:
        if person["role"] not in {"admin", "visitor"}:
            courses = [row["course"] for row in state["enrolments"] if row["person"] == person["id"]]
            answer = requests.post(
                f"{url}/api/people/{person['id']}", json={"courses": [*courses, course]}, timeout=10
            )
            answer.raise_for_status()


def main() -> None:
    """Furnish the platform named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    print(f"activities added: {furnish(parser.parse_args().url, json.load(sys.stdin))}")


if __name__ == "__main__":
    main()
