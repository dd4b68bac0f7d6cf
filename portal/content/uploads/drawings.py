"""Drawings (SVG): one that could run a program or reach out is refused (U01, U08)."""

from __future__ import annotations

import re
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

SVG = "{http://www.w3.org/2000/svg}"
REFUSED = {
    "script",
    "foreignobject",
    "iframe",
    "embed",
    "object",
    "audio",
    "video",
    "handler",
    "listener",
    "set",
}
LINKS = {"href", "src"}
INNER = re.compile(r"#|data:image/(?:png|jpeg|webp|gif);base64,")  # within the drawing itself
REACHING = re.compile(
    r"@import|expression\s*\(|javascript:|url\s*\(\s*['\"]?(?!#|data:image/)", re.IGNORECASE
)


def is_harmless(file: IO[bytes]) -> bool:
    """Tell whether the drawing is a drawing and nothing else. Leaves the file at its beginning.

    Refused are programs and handlers of events, other documents inside (foreignObject and the like), what changes
    links after loading, links and styles that lead outside, and document type declarations.
    """
    file.seek(0)
    try:
        root = parse(file, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return False
    finally:
        file.seek(0)
    return root.tag == f"{SVG}svg" and all(_is_plain(part) for part in root.iter())


def _is_plain(part: object) -> bool:
    """Tell whether one element, its text and its attributes are harmless."""
    tag = getattr(part, "tag", "")
    if not isinstance(tag, str):
        return True  # a comment or an instruction to nobody
    name = tag.rpartition("}")[2].lower()
    if name in REFUSED or (
        tag.startswith("{") and not tag.startswith(SVG) and name in {"html", "body", "form"}
    ):
        return False
    if name == "style" and REACHING.search(getattr(part, "text", "") or ""):
        return False
    if name.startswith("animate") and _attribute(part, "attributeName").rpartition(":")[2].lower() in LINKS:
        return False
    return all(_is_plain_attribute(key, value) for key, value in getattr(part, "attrib", {}).items())


def _attribute(part: object, name: str) -> str:
    return str(getattr(part, "attrib", {}).get(name, ""))


def _is_plain_attribute(key: str, value: str) -> bool:
    name = key.rpartition("}")[2].lower()
    if name.startswith("on"):
        return False
    if name in LINKS:
        return INNER.match(value.strip()) is not None
    return REACHING.search(value) is None
