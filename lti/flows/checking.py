"""The test of a platform: does everything answer that launches, grades and rosters will need?

A worker goes through the steps and notes each as it ends, so that the screen shows how far it is. Nothing is changed
on the platform: tokens are asked for, a roster and a line item are read, no score is ever sent. What a step found is
kept as codes (``reason``) with one technical detail; the screen turns them into words (``lti.views.checkwords``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from lti_tool.lti_core.constants import AgsScope
from lti_tool.models import LtiContext, LtiRegistration
from wagtail.log_actions import log

from lti.flows import http, keysets
from lti.flows.addresses import beside, may_be_private
from lti.flows.columns import ITEM_TYPE, ITEMS_TYPE, TOLD, container_of
from lti.flows.registering import MEMBERS
from lti.flows.scores import RESULTS_TYPE
from lti.flows.tokens import TokenRefused, access_token, refusal_of
from lti.models import GradeColumn, GradeLine, PlatformCheck
from portal.conf import conf
from portal.outbox.recording import record

ASKED = "lti.check_asked"
BUDGET = 70.0  # seconds for the whole test; within the lease of a delivery
CLOCKS = 8.0  # seconds: our assertions are dated 10 s back, and Moodle takes them up to 2 s ahead
UNDER_WAY = timedelta(minutes=3)
SCOPES = {
    "score": AgsScope.PUBLISH_SCORES.value,
    "results": AgsScope.ACCESS_RESULTS.value,
    "lineitem": AgsScope.MANAGE_LINEITEMS.value,
    "members": MEMBERS,
}
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


@dataclass(frozen=True)
class Step:
    """What one step found: ``result`` is passed, failed or skipped; ``detail`` is technical, "" where all is well."""

    step: str
    result: str
    reason: str = ""
    detail: str = ""


@dataclass
class Course:
    """What one test gathers on its way."""

    registration: LtiRegistration
    ends: float
    skew: float | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    silent: bool = False

    @property
    def over(self) -> bool:
        """Whether there is no time left, or the platform has stopped answering."""
        return self.silent or time.monotonic() > self.ends


@transaction.atomic
def ask(*, registration: LtiRegistration, by: Any) -> PlatformCheck:
    """Have the platform tested by a worker; one that is under way is left to end."""
    PlatformCheck.objects.get_or_create(registration=registration, defaults={"done_at": now()})
    check = PlatformCheck.objects.select_for_update().get(registration=registration)
    if check.done_at is None and check.asked_at > now() - UNDER_WAY:
        return check
    check.round, check.asked_at, check.done_at, check.steps = check.round + 1, now(), None, []
    check.save()
    GradeColumn.objects.all().in_trouble(registration).update(asked_at=None)  # the next launch tries anew
    log(registration, "lti.platform_tested", user=by)
    record(ASKED, check_id=check.pk, round=check.round)
    return check


def run(*, check_id: int, round: int) -> bool:
    """Go through the test, outside any transaction; False when it has been asked for anew since."""
    mine = PlatformCheck.objects.filter(pk=check_id, round=round)
    check = mine.select_related("registration").first()
    if check is None:
        return False
    course = Course(check.registration, time.monotonic() + BUDGET)
    steps: list[dict[str, str]] = []
    for find in (_site, _ours, _keys, _clock, *_token_steps(), _roster, _grades):
        steps.append(asdict(find(course)))
        if not mine.update(steps=steps):
            return False
    return bool(mine.update(done_at=now()))


def code_of(failure: http.CallFailed) -> str:
    """Return the class of a failed call, for the words that help."""
    known = {
        "address refused": "refused",
        "host not found": "host",
        "no answer in time": "late",
        "not JSON": "unreadable",
        "no usable key": "no_key",
    }
    if failure.reason.startswith("SSL"):
        return "tls"
    return known.get(failure.reason, "status" if failure.reason.startswith("status") else "silent")


def _failed(step: str, failure: http.CallFailed) -> Step:
    return Step(step, "failed", code_of(failure), failure.reason)


# The steps -------------------------------------------------------------------------------------


def _site(course: Course) -> Step:
    """Both sides speak HTTPS, or a browser shows neither in a frame of the other."""
    registration = course.registration
    if not conf.SITE_URL.startswith("https://") and conf.ENVIRONMENT == "production":
        return Step("site", "failed", "ours_plain", conf.SITE_URL)
    if not registration.auth_url.startswith("https://") and not may_be_private(
        registration, registration.auth_url
    ):
        return Step("site", "failed", "theirs_plain", registration.auth_url)
    return Step("site", "passed")


def _ours(course: Course) -> Step:
    """Our own key set answers at the address that platforms are told."""
    url = conf.SITE_URL.rstrip("/") + reverse("lti:jwks")
    try:
        keysets.read(keysets.ask(url, private=True))  # our own address, from our own settings
    except http.CallFailed as failure:
        return _failed("ours", failure)
    return Step("ours", "passed")


def _keys(course: Course) -> Step:
    """The platform's key set answers and holds a key we can check signatures with."""
    registration = course.registration
    url = registration.keyset_url
    began = time.time()
    try:
        answer = keysets.ask(url, private=may_be_private(registration, url))
        keysets.read(answer)
    except http.CallFailed as failure:
        course.silent = code_of(failure) in {"late", "host", "silent"}
        return _failed("keys", failure)
    course.skew = skew(answer, (began + time.time()) / 2)
    return Step("keys", "passed")


def skew(answer: http.Answer, moment: float) -> float | None:
    """Return by how many seconds the platform's clock is ahead of ``moment``; None where it does not say.

    Its Date header has whole seconds, so the middle of one is taken (RFC 9110, 6.6.1).
    """
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp() + 0.5 - moment
    except (ValueError, TypeError, OverflowError):
        return None


def _clock(course: Course) -> Step:
    """The clocks agree, or messages and tokens are taken for old ones, or ones to come."""
    if course.skew is None:
        return Step("clock", "skipped", "unknown")
    if abs(course.skew) <= CLOCKS:
        return Step("clock", "passed")
    return Step("clock", "failed", "ahead" if course.skew > 0 else "behind", f"{abs(course.skew):.0f} s")


def _token_steps() -> list[Callable[[Course], Step]]:
    return [lambda course, name=name: _token(course, name) for name in SCOPES]  # type: ignore[misc]


def _token(course: Course, name: str) -> Step:
    """The platform takes our signature and grants the scope."""
    step = f"token_{name}"
    if course.over:
        return Step(step, "skipped", "not_tried")
    try:
        token = access_token(registration=course.registration, scope=SCOPES[name], fresh=True)
    except TokenRefused as refusal:
        return Step(step, "failed", refusal_of(refusal.answer), refusal.reason)
    except http.CallFailed as failure:
        course.silent = code_of(failure) in {"late", "host", "silent"}
        return _failed(step, failure)
    course.tokens[name] = token
    return Step(step, "passed")


def _roster(course: Course) -> Step:
    """The roster of the course seen last can be read."""
    contexts = LtiContext.objects.filter(
        deployment__registration=course.registration, deployment__is_active=True
    )
    context = contexts.exclude(memberships_url="").order_by("-pk").first()
    missing = _missing("roster", course, known=context is not None, needs=("members",))
    if missing:
        return missing
    assert context is not None  # noqa: S101 (it is among what may be missing)
    url = context.memberships_url
    url += ("&" if "?" in url else "?") + urlencode({"limit": 1})
    return _read("roster", course, url, "members", MEMBERS_TYPE, _is_roster)


def _is_roster(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("members"), list)


def _grades(course: Course) -> Step:
    """A grade column is there and ours to write, and none is missing. It is read; its grades stay as they are."""
    trouble = (
        GradeColumn.objects.all().in_trouble(course.registration).select_related("resource_link").first()
    )
    lines = GradeLine.objects.filter(lti_user__registration=course.registration).exclude(lineitem_url="")
    line = lines.select_related("lti_user").order_by("-pk").first()
    if line is None or trouble:
        return _columns(course, trouble)
    scope = "lineitem" if "lineitem" in course.tokens else "results"
    missing = _missing("grades", course, known=True, needs=("score", scope))
    if missing:
        return missing
    if scope == "results":
        url = beside(line.lineitem_url, "results", urlencode({"user_id": line.lti_user.sub}))
        return _read("grades", course, url, scope, RESULTS_TYPE, _any)
    return _read("grades", course, line.lineitem_url, scope, ITEM_TYPE, _is_column)


def _is_column(found: Any) -> bool:
    return isinstance(found, dict) and "scoreMaximum" in found


def _any(found: Any) -> bool:
    return isinstance(found, dict | list)


def _columns(course: Course, trouble: GradeColumn | None) -> Step:
    """A column is missing: say what our worker was told, or ask where it would be."""
    if trouble is not None and trouble.problem in TOLD:
        return Step("grades", "failed", trouble.problem, trouble.resource_link.title)
    missing = _missing("grades", course, known=trouble is not None, needs=("score", "lineitem"))
    if missing:
        return missing
    assert trouble is not None  # noqa: S101 (it is among what may be missing)
    url = container_of(trouble.container_url, trouble.resource_link)
    step = _read("grades", course, url, "lineitem", ITEMS_TYPE, lambda found: isinstance(found, list))
    refused = step.result == "passed" and trouble.problem.startswith(
        "http "
    )  # readable, but it takes no column
    return Step("grades", "failed", "status", trouble.problem) if refused else step


def _missing(step: str, course: Course, *, known: bool, needs: tuple[str, ...]) -> Step | None:
    """Return why a step cannot be tried; None when it can."""
    if course.over:
        return Step(step, "skipped", "not_tried")
    if not known:
        return Step(step, "skipped", "nothing_known")
    return None if all(name in course.tokens for name in needs) else Step(step, "skipped", "no_token")


def _read(step: str, course: Course, url: str, scope: str, accept: str, good: Callable[[Any], bool]) -> Step:
    headers = {"Accept": accept, "Authorization": f"Bearer {course.tokens[scope]}"}
    try:
        private = may_be_private(course.registration, url)
        answer = http.call(method="GET", url=url, private=private, headers=headers)
        if answer.status != 200:
            return Step(step, "failed", "status", f"status {answer.status}")
        found = answer.json()
    except http.CallFailed as failure:
        return _failed(step, failure)
    fine = isinstance(found, dict | list) and good(found)
    return Step(step, "passed") if fine else Step(step, "failed", "unreadable", "not what was asked for")
