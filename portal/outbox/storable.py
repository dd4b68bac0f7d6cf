"""Text that every database takes."""

from __future__ import annotations

import re
from typing import Any

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: Any) -> Any:
    """Return ``value`` (JSON) without what PostgreSQL stores in no text: NUL, halves of surrogate pairs.

    Titles and answers that people or platforms gave us travel in deliveries; one such character must
    not keep a grade or a letter from being written down.
    """
    if isinstance(value, str):
        return UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {storable(key): storable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [storable(part) for part in value]
    return value
