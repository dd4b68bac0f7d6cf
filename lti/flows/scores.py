"""Sending one result to a platform, and making sense of its answer.

Source: Assignment and Grade Services 2.0, 3.4; what Moodle makes of it is in docs and was measured:
a score needs a later whole second than the stored one (else 409), anything not FullyGraded wipes the
grade, an omitted comment wipes the comment.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.timezone import now
from lti_tool.lti_core.constants import AgsScope

from lti.flows import people
from lti.flows.addresses import beside
from lti.flows.calling import LATE_LADDER, LONGEST_WAIT, SECOND, call, ended, failure
from lti.models import GradeColumn, GradeLine
from portal.outbox.registry import Outcome

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
AHEAD = timedelta(seconds=5)  # a score further in the future would block the ones after it
MAXIMUM = 100.0


@dataclass(frozen=True)
class Score:
    """A final result: ``given`` of MAXIMUM points, what to say with it, when it came about."""

    given: float
    comment: str
    at: datetime

    def message(self, *, user_id: str, timestamp: datetime) -> bytes:
        """Return the score as the platform reads it. Only final results are ever sent."""
        return json.dumps(
            {
                "userId": user_id,
                "scoreGiven": self.given,
                "scoreMaximum": MAXIMUM,
                "comment": self.comment,
                "activityProgress": "Completed",
                "gradingProgress": "FullyGraded",
                "timestamp": timestamp.astimezone(UTC).isoformat(timespec="milliseconds"),
            },
            allow_nan=False,
            ensure_ascii=False,
        ).encode()


def points(fraction: float | None) -> float | None:
    """Return a grade (0 to 1) in points of MAXIMUM; None for what is no grade (none, NaN, infinite)."""
    if fraction is None or not math.isfinite(fraction):
        return None
    return round(min(max(fraction, 0.0), 1.0) * MAXIMUM, 2)


def send(*, line_id: int, delivery_id: int, score: Score) -> Outcome:
    """Send ``score`` to the line's column and say how it ended. Sending again is harmless."""
    line = (
        GradeLine.objects.filter(pk=line_id)
        .exclude(lineitem_url="")
        .select_related("lti_user__registration", "resource_link__context")
        .first()
    )
    if line is None:
        return Outcome("nowhere to send", state="dead", error="The platform no longer takes this result.")
    if not line.lti_user.registration.is_active:
        return Outcome("platform off", state=None, error="The platform is switched off.")
    if line.last_delivery_id > delivery_id:
        return Outcome("superseded", state="superseded", error="A newer result has been sent.")
    if people.has_left(person_id=line.lti_user_id, context_id=line.resource_link.context_id):
        error = "The platform's list no longer names the person."
        return Outcome("not listed", state=None, error=error, ladder=LATE_LADDER)
    timestamp = _timestamp(line, delivery_id, score.at)
    if timestamp is None:
        return Outcome("another worker", state=None, retry_after=SECOND)
    if timestamp > now() + AHEAD:
        return Outcome("clock ahead", state=None, retry_after=min(timestamp - now(), LONGEST_WAIT))
    return ended(lambda: _deliver(line, score, timestamp))


def _timestamp(line: GradeLine, delivery_id: int, event: datetime) -> datetime | None:
    """Return the second this delivery is sent under; None when another worker just took it.

    The event's own, or the one after the line's latest. Trying a delivery again keeps its second, so
    a platform that has applied it already answers 409 rather than applying it twice.
    """
    if line.last_delivery_id == delivery_id and line.last_sent_at is not None:
        return line.last_sent_at
    moment = event.replace(microsecond=0)
    if line.last_sent_at is not None:
        moment = max(moment, line.last_sent_at + SECOND)
    if moment > now() + AHEAD:
        return moment
    moved = GradeLine.objects.all().claim_timestamp(
        pk=line.pk, seen=line.last_sent_at, moment=moment, delivery_id=delivery_id
    )
    return moment if moved else None


def _deliver(line: GradeLine, score: Score, timestamp: datetime) -> Outcome:
    body = score.message(user_id=line.lti_user.sub, timestamp=timestamp)
    answer = call(
        line.lti_user.registration,
        AgsScope.PUBLISH_SCORES.value,
        method="POST",
        url=beside(line.lineitem_url, "scores"),
        headers={"Content-Type": SCORE_TYPE},
        body=body,
    )
    if 200 <= answer.status < 300:
        return Outcome("delivered")
    if answer.status == 409:
        return _settle_conflict(line, score)
    if answer.status in {404, 410} and line.column_id:
        GradeColumn.objects.filter(pk=line.column_id).update(problem=GradeColumn.GONE, noted_at=now())
    return failure(answer)


# After a conflict ------------------------------------------------------------------------------


def _settle_conflict(line: GradeLine, score: Score) -> Outcome:
    """409: the platform holds something as new as ours. Ours, arrived before? Or a teacher's, who wins?"""
    if not line.resource_link.context.can_access_results:
        return Outcome("superseded", state="superseded", error="409; results may not be read.")
    query = urlencode({"user_id": line.lti_user.sub})
    answer = call(
        line.lti_user.registration,
        AgsScope.ACCESS_RESULTS.value,
        method="GET",
        url=beside(line.lineitem_url, "results", query),
        headers={"Accept": RESULTS_TYPE},
    )
    if answer.status != 200:
        return failure(answer)
    held = _held(answer.json(), line.lti_user.sub)
    if held is None:
        return Outcome("http 409", state=None, error="409, and no result is there.", ladder=LATE_LADDER)
    if math.isclose(held, score.given / MAXIMUM, abs_tol=0.0005):
        return Outcome("already there")
    return Outcome("superseded", state="superseded", error=f"The platform holds {100 * held:.2f} of 100.")


def _held(document: Any, user_id: str) -> float | None:
    """Return the share (0 to 1) of the points that the platform holds for the person (AGS 2.0, 3.3)."""
    rows = document if isinstance(document, list) else []
    for row in rows:
        if not isinstance(row, dict) or str(row.get("userId")) != user_id:
            continue
        score, maximum = row.get("resultScore"), row.get("resultMaximum", 1)
        if _is_number(score) and _is_number(maximum) and maximum > 0:
            return float(score / maximum)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12
