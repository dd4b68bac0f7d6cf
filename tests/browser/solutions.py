"""The demo quizzes' solutions, read from the demo's own files."""

from __future__ import annotations

import html
import re

from portal.demo import reading
from tests.browser.places import SHORT


def plain(text: str) -> str:
    """Return text as a browser shows it: no tags, single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def solutions(language: str = "lt", course: str = SHORT) -> dict[str, list[str] | str]:
    """Return for each prompt of a course's final quiz what earns all of its points."""
    items = reading.quiz(course, "final", language)["items"]
    return {plain(item["prompt"]): solution(item) for item in items}


def solution(item: reading.Data) -> list[str] | str:
    """Return the texts of the right options, or the text to type."""
    if item["type"] == "single":
        return [plain(option["text"]) for option in item["options"] if option["correct"]]
    if item["type"] == "multiple":
        return [plain(option["text"]) for option in item["options"] if float(option["fraction"]) > 0]
    return str(item["answer"]) if item["type"] == "numeric" else str(item["accepted"][0])
