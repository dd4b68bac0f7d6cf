"""Calling a platform's services with a token, and what an answer means for the next attempt.

What is sent by the outbox shares this: scores and columns of the grade book.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.utils.timezone import now
from lti_tool.models import LtiRegistration

from lti.flows import http
from lti.flows.addresses import may_be_private
from lti.flows.text import cleaned
from lti.flows.tokens import TokenRefused, access_token
from portal.outbox.registry import Outcome

TAG = re.compile(r"<[^>]*>")
SECOND = timedelta(seconds=1)
LATE_LADDER = (timedelta(hours=1), timedelta(hours=24))  # late enrolments, then it is for people to look at
LONGEST_WAIT = timedelta(hours=6)


def ended(deliver: Callable[[], Outcome]) -> Outcome:
    """Return how ``deliver`` ended, also where the platform gave no answer or no token."""
    try:
        return deliver()
    except http.CallFailed as silence:
        return Outcome("no answer", state=None, error=silence.reason)
    except TokenRefused as refusal:
        wait = retry_after(refusal.answer) if refusal.answer.status in {429, 503} else None
        return Outcome("no token", state=None, error=refusal.reason, retry_after=wait)


def call(registration: LtiRegistration, scope: str, *, url: str, **request: Any) -> http.Answer:
    """Call a service; a 401 gets one fresh token (RFC 6750, 3.1)."""
    private = may_be_private(registration, url)
    headers = request.pop("headers")
    answer = http.Answer(401, {}, b"")
    for fresh in (False, True):
        token = access_token(registration=registration, scope=scope, fresh=fresh)
        sent = {**headers, "Authorization": f"Bearer {token}"}
        answer = http.call(url=url, private=private, headers=sent, **request)
        if answer.status != 401:
            break
    return answer


def failure(answer: http.Answer) -> Outcome:
    """Say what an answer that is no success means for the next attempt."""
    status = answer.status
    said = cleaned(TAG.sub(" ", answer.body[:2000].decode("utf-8", errors="replace")), 200)
    error = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    if status in {429, 503}:
        return Outcome(f"http {status}", state=None, error=error, retry_after=retry_after(answer))
    if status == 401 or status >= 500:
        return Outcome(f"http {status}", state=None, error=error)
    return Outcome(f"http {status}", state=None, error=error, ladder=LATE_LADDER)


def retry_after(answer: http.Answer) -> timedelta | None:
    """Return the wait the platform asks for, at most six hours (RFC 9110, 10.2.3); None without one."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", value):
        return min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
        return min(max(moment - now(), SECOND), LONGEST_WAIT)
    except (ValueError, TypeError, OverflowError):
        return None
