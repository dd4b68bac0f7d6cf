"""Reading the demo's files, and turning their blocks into what a StreamField holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

CONTENT = Path(__file__).parent / "content"
COURSES = ("finding", "safety")  # folders of content, in the order they are published
LANGUAGES = ("lt", "en")  # the source first
Data = dict[str, Any]


def read(name: str) -> Data:
    """Return the content of one YAML file of the demo."""
    data: Data = yaml.safe_load((CONTENT / name).read_text(encoding="utf-8"))
    return data


def course(name: str, language: str) -> Data:
    """Return what ``language`` says of the course in the folder ``name``."""
    return read(f"{name}/course.{language}.yaml")


def lessons(name: str, language: str) -> dict[str, Data]:
    """Return a course's lessons in ``language`` by their keys."""
    files = sorted((CONTENT / name / "lessons").glob(f"*.{language}.yaml"))
    return {data["key"]: data for data in (read(str(path.relative_to(CONTENT))) for path in files)}


def quiz(name: str, key: str, language: str) -> Data:
    """Return a course's quiz in ``language``."""
    return read(f"{name}/quizzes/{key}.{language}.yaml")


def pictures(name: str) -> list[Path]:
    """Return the files of a course's pictures."""
    return sorted((CONTENT / name / "images").glob("*.svg"))


def stable_id(*parts: str) -> str:
    """Return the same identifier for the same thing on every machine and in both languages."""
    return str(uuid5(NAMESPACE_URL, "kelrodis-demo/" + "/".join(parts)))


def page(name: str, language: str) -> Data:
    """Return what ``language`` says on a standard page."""
    return read(f"pages/{name}.{language}.yaml")


def body(
    course: str, lesson: Data, images: dict[str, int], terms: dict[str, int] | None = None
) -> list[Data]:
    """Return the blocks of a lesson or page as raw StreamField data.

    ``images`` gives primary keys by file name, ``terms`` those of the glossary by the English term as a slug.
    """
    return [
        _more(course, lesson["key"], block, terms or {})
        if block["type"] in {"comparison", "table", "terms", "embed"}
        else _block(course, lesson["key"], block, images)
        for block in lesson["blocks"]
    ]


def _more(course: str, lesson: str, block: Data, terms: dict[str, int]) -> Data:
    """Return a block that compares, tabulates, explains terms or shows another site's video."""
    kind, identifier = block["type"], stable_id(course, lesson, block["id"])
    if kind == "comparison":
        columns = [{"heading": column["heading"], "text": column["html"]} for column in block["columns"]]
        remark = block.get("remark") or ""
        value = {"title": block["title"], "columns": _items(identifier, columns), "remark": remark}
    elif kind == "table":
        columns = [{"type": column["kind"], "heading": column["heading"]} for column in block["columns"]]
        rows = [{"values": row} for row in block["rows"]]
        table = {"caption": block["caption"], "columns": columns, "rows": rows}
        value = {"table": table, "row_headings": block["row_headings"]}
    elif kind == "terms":
        value = {"terms": _items(identifier, [terms[term] for term in block["terms"]])}
    else:
        value = {"title": block["title"], "url": block["url"], "summary": block["html"]}
    return {"type": kind, "id": identifier, "value": value}


def _items(parent: str, values: list[Any]) -> list[Data]:
    return [
        {"type": "item", "id": stable_id(parent, str(number)), "value": value}
        for number, value in enumerate(values)
    ]


def _block(course: str, lesson: str, block: Data, images: dict[str, int]) -> Data:
    kind, identifier = block["type"], stable_id(course, lesson, block["id"])
    value: Any
    if kind == "text":
        value = block["html"]
    elif kind == "heading":
        value = block["text"]
    elif kind == "callout":
        value = {"kind": block["kind"], "title": block["title"], "text": block["html"]}
    elif kind == "figure":
        value = {
            "image": images[block["image"]],
            "alt": block["alt"],
            "decorative": block["decorative"],
            "caption": block.get("caption") or "",
        }
    elif kind == "steps":
        value = {"title": block.get("title") or "", "items": _steps(identifier, block["items"])}
    elif kind == "citation":
        value = {name: str(block.get(name) or "") for name in CITATION}
    else:
        value = {
            "question": block["question"],
            "multiple": block["multiple"],
            "explanation": block["explanation"],
            "options": _options(identifier, block["options"], ("text", "correct", "feedback")),
        }
    return {"type": kind, "id": identifier, "value": value}


CITATION = ("authors", "title", "year", "publisher", "url", "note", "language")


def _steps(parent: str, steps: list[Data]) -> list[Data]:
    return [
        {
            "type": "item",
            "id": stable_id(parent, str(number)),
            "value": {"title": step["title"], "text": step["html"]},
        }
        for number, step in enumerate(steps)
    ]


def _options(parent: str, options: list[Data], fields: tuple[str, ...]) -> list[Data]:
    return [
        {
            "type": "item",
            "id": stable_id(parent, option["id"]),
            "value": {field: option.get(field, "") for field in fields},
        }
        for option in options
    ]


def items(course: str, quiz: Data, lesson_pages: dict[str, int]) -> list[Data]:
    """Return a quiz's items as raw StreamField data; ``lesson_pages`` gives primary keys by lesson key."""
    return [_item(course, quiz["key"], item, lesson_pages) for item in quiz["items"]]


def _item(course: str, quiz: str, item: Data, lesson_pages: dict[str, int]) -> Data:
    identifier = stable_id(course, quiz, item["id"])
    value: Data = {
        "prompt": item["prompt"],
        "points": str(item.get("points", 1)),
        "explanation": item["explanation"],
        "lesson": lesson_pages.get(item.get("lesson") or ""),
    }
    if item["type"] == "single":
        value["options"] = _options(identifier, item["options"], ("text", "correct", "feedback"))
    elif item["type"] == "multiple":
        options = [option | {"fraction": str(option["fraction"])} for option in item["options"]]
        value["options"] = _options(identifier, options, ("text", "fraction", "feedback"))
    elif item["type"] == "numeric":
        value |= {
            "answer": str(item["answer"]),
            "tolerance": str(item.get("tolerance", 0)),
            "unit": item.get("unit") or "",
        }
    else:
        accepted = [
            {"type": "item", "id": stable_id(identifier, str(number)), "value": text}
            for number, text in enumerate(item["accepted"])
        ]
        value |= {"accepted": accepted, "fold_diacritics": item["fold_diacritics"]}
    return {"type": item["type"], "id": identifier, "value": value}
