"""Text from outside, made fit to keep and to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

JOINERS = "\u200c\u200d"  # part of how names are written in Persian and in Indic scripts
UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn"}
CODE = re.compile(r"[^A-Za-z0-9_.-]")


def cleaned(value: Any, limit: int) -> str:
    """Return ``value`` as one line of at most ``limit`` characters; "" when it is not text.

    Control characters, lone surrogates and marks that turn the direction of writing are left out
    (Unicode UAX #9; a name must not be able to reorder what stands around it).
    """
    if not isinstance(value, str):
        return ""
    spaced = " ".join(value[: limit * 4].split())
    kept = [mark for mark in spaced if mark in JOINERS or unicodedata.category(mark) not in UNWANTED]
    return "".join(kept)[:limit].strip()


def person_names(told: Mapping[str, Any]) -> tuple[str, str]:
    """Return given and family name; of a ``name`` alone the last word is the family name. Both may be empty."""
    given, family = cleaned(told.get("given_name"), 150), cleaned(told.get("family_name"), 150)
    if not given and not family:
        given, _space, family = cleaned(told.get("name"), 150).rpartition(" ")
        given, family = (given, family) if given else (family, "")
    return given, family


def is_identifier(value: Any, limit: int = 255) -> bool:
    """Tell whether ``value`` is text that can be kept as it stands and compared exactly."""
    if not isinstance(value, str) or not 0 < len(value) <= limit:
        return False
    return all(unicodedata.category(mark) not in {"Cc", "Cs"} for mark in value)


def code(value: Any, limit: int = 40) -> str:
    """Return ``value`` as it may stand in a log: letters, digits and ``_.-`` only."""
    return CODE.sub("", value)[:limit] if isinstance(value, str) else ""
