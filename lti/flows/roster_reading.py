"""Reading the list of a course from its platform, page by page, within bounds. Writes nothing.

We never ask for pages of a size: Moodle forgets other wishes then, and gives everybody at once without. Where a
platform pages by itself its links are followed on its own host alone, for the token goes with them.
Source: Names and Role Provisioning Services 2.0, 2.4.1 and 3.2.
"""

from __future__ import annotations

import time

from lti_tool.models import LtiContext, LtiRegistration

from lti.flows import http
from lti.flows.calling import call, retry_after
from lti.flows.checking import MEMBERS_TYPE, code_of
from lti.flows.registering import MEMBERS
from lti.flows.roster_answers import Listed, NotRead, members_of, next_page, together
from lti.flows.tokens import TokenRefused

BUDGET = 40.0  # seconds for all pages; within the limits of a worker's task
MOST_PAGES = 200
MOST_MEMBERS = 10_000
PASSING = {"host", "late", "silent"}  # what may be better in a minute


def fetch(*, context: LtiContext) -> dict[str, Listed]:
    """Return everybody on the context's list by the platform's identifier. Raises NotRead unless all of it is there."""
    registration = context.deployment.registration
    if not registration.is_active or not context.deployment.is_active:
        raise NotRead("off")
    ends = time.monotonic() + BUDGET
    url = context.memberships_url
    found: dict[str, Listed] = {}
    seen: set[str] = set()
    while url:
        if url in seen:
            raise NotRead("endless", "a page that leads back to an earlier one")
        if len(seen) >= MOST_PAGES:
            raise NotRead("endless", f"more than {MOST_PAGES} pages")
        seen.add(url)
        answer = _page(registration, url, ends)
        together(members_of(_json(answer), context_id=context.id_on_platform), found)
        if len(found) > MOST_MEMBERS:
            raise NotRead("too_many", f"more than {MOST_MEMBERS} people")
        url = next_page(answer.headers.get("link", ""), url=url)
    if not found:
        raise NotRead("empty")
    return found


def _json(answer: http.Answer) -> object:
    try:
        return answer.json()
    except http.CallFailed as failure:
        raise NotRead("unreadable", failure.reason) from None


def _page(registration: LtiRegistration, url: str, ends: float) -> http.Answer:
    """Return a page that was answered with 200; a 401 gets one fresh token (RFC 6750, 3.1)."""
    left = ends - time.monotonic()
    if left <= 0:
        raise NotRead("late", "the list takes too long", again=True)
    try:
        answer = call(
            registration,
            MEMBERS,
            method="GET",
            url=url,
            headers={"Accept": MEMBERS_TYPE},
            total=min(left, http.TOTAL),
        )
    except http.CallFailed as failure:
        raise _no_answer(failure) from None
    except TokenRefused as refusal:
        raise _no_token(refusal) from None
    if answer.status != 200:
        raise _refused(answer)
    return answer


def _no_answer(failure: http.CallFailed) -> NotRead:
    if failure.reason == "answer too large":
        return NotRead("too_many", failure.reason)
    code = code_of(failure)
    return NotRead(code, failure.reason, again=code in PASSING)


def _no_token(refusal: TokenRefused) -> NotRead:
    status = refusal.answer.status
    if status in {429, 503}:
        return NotRead("busy", refusal.reason, again=True, wait=retry_after(refusal.answer))
    if status >= 500 or status == 200:
        return NotRead("busy", refusal.reason, again=True)
    return NotRead("permission", refusal.reason)


def _refused(answer: http.Answer) -> NotRead:
    detail = f"status {answer.status}"
    if answer.status in {401, 403}:
        return NotRead("permission", detail)
    if answer.status in {404, 410}:
        return NotRead("gone", detail)
    if answer.status == 429 or answer.status >= 500:
        return NotRead("busy", detail, again=True, wait=retry_after(answer))
    return NotRead("status", detail)
