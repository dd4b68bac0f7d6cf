"""Submission review: from the grade book to the tool, to look at what a student did (1EdTech Submission Review 1.0).

As Moodle: a line item's `submissionReview` may name an address, opened instead of the activity's, and custom
parameters, added to the activity's; both only where the activity has one line item. Every cell of the grade book leads
there.
"""

from __future__ import annotations

import json
from typing import Any

from .claims import LTI, MESSAGE_TYPE
from .core import Platform
from .people import custom_text, lineitem_of
from .store import Row

REVIEW = "LtiSubmissionReviewRequest"


def kept(told: Any) -> str:
    """What a line item says of submission review, as it is stored; empty when it says nothing."""
    return json.dumps(told) if isinstance(told, dict) else ""


def of_item(item: Row | None) -> dict[str, Any]:
    """What a line item says of submission review."""
    return dict(json.loads(item["review"])) if item and item["review"] else {}


def reviewed(platform: Platform, activity: Row) -> Row:
    """The activity as it is opened for a review: with its line item's address and custom parameters."""
    told = of_item(lineitem_of(platform, activity["id"]))
    custom = [activity["custom"], custom_text(told.get("custom"))]
    return {
        **activity,
        "target_link_uri": str(told.get("url") or activity["target_link_uri"]),
        "custom": "\n".join(filter(None, custom)),
    }


def claims(launch: Row) -> dict[str, Any]:
    """What a launch says beyond others when it is one of these; Moodle tells no more of the student than the id."""
    if launch["message"] != REVIEW:
        return {}
    return {MESSAGE_TYPE: REVIEW, LTI + "for_user": {"user_id": str(launch["about"])}}
