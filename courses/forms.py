"""Reading what a learner's page sends."""

from __future__ import annotations

import json
import re

from django.http import HttpRequest

from courses.flows.attempting import Draft, InvalidAnswer

MOST_ITEMS = 200
HIGHEST_SEQ = 2**62


def drafts_from_form(request: HttpRequest) -> list[Draft]:
    """Return the answers of a quiz page sent as an ordinary form.

    Fields: ``items`` names the items on the page; ``r-<item>`` holds the chosen options or the
    text; ``f-<item>`` is there when the item is flagged. Raises InvalidAnswer.
    """
    items = request.POST.getlist("items")
    if len(items) > MOST_ITEMS:
        raise InvalidAnswer
    return [
        Draft(
            item_id=_identifier(item),
            response=[text for text in request.POST.getlist(f"r-{item}") if text.strip()],
            flagged=f"f-{item}" in request.POST,
            seq=None,
        )
        for item in items
    ]


def drafts_from_json(request: HttpRequest) -> list[Draft]:
    """Return the answers an autosave sends: ``{"drafts": [{"item", "response", "flagged", "seq"}]}``.

    Anything else in it (a score, say) is ignored. Raises InvalidAnswer.
    """
    try:
        rows = json.loads(request.body)["drafts"]
        if not isinstance(rows, list) or len(rows) > MOST_ITEMS:
            raise InvalidAnswer
        return [_draft(row) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidAnswer from error


def _draft(row: dict[str, object]) -> Draft:
    response, seq = row["response"], row["seq"]
    if not isinstance(response, list) or not all(isinstance(part, str) for part in response):
        raise InvalidAnswer
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < HIGHEST_SEQ:
        raise InvalidAnswer
    texts = [text for text in response if text.strip()]
    return Draft(item_id=_identifier(row["item"]), response=texts, flagged=bool(row.get("flagged")), seq=seq)


def _identifier(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w-]{1,40}", value):
        raise InvalidAnswer
    return value
