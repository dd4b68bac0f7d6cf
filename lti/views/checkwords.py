"""The test of a platform in words: what each step is about, and what to do when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti import moodle
from lti.models import PlatformCheck
from portal.conf import conf

TITLES = {
    "site": gettext_lazy("Both sides use https"),
    "ours": gettext_lazy("Our keys can be read"),
    "keys": gettext_lazy("The platform's keys can be read"),
    "clock": gettext_lazy("The clocks agree"),
    "token_score": gettext_lazy("We may send grades"),
    "token_results": gettext_lazy("We may read grades"),
    "token_lineitem": gettext_lazy("We may add columns to the grade book"),
    "token_members": gettext_lazy("We may read who is in a course"),
    "roster": gettext_lazy("The list of a course can be read"),
    "grades": gettext_lazy("A grade column can be reached"),
}
RESULTS = {
    "passed": gettext_lazy("works"),
    "failed": gettext_lazy("does not work"),
    "skipped": gettext_lazy("not tested"),
}
NO_COLUMN = gettext_lazy(
    "The link of a quiz or course has no column, and the platform does not let us add one. In Moodle: {place}. Or let "
    "the activity take grades there."
)
NOT_GRANTED = gettext_lazy("The platform does not grant this. In Moodle, the tool's settings: {place}.")
ADVICE = {
    "refused": gettext_lazy(
        "The address is on a private network, or not https. If it is meant so, allow it under “Edit” above."
    ),
    "host": gettext_lazy(
        "Our server does not find this host. Check the address, and the names our server knows."
    ),
    "late": gettext_lazy("The platform does not answer in time. Is a firewall between the two servers?"),
    "silent": gettext_lazy("The platform does not take our call. Is a firewall between the two servers?"),
    "tls": gettext_lazy(
        "The certificate is not trusted. It must be valid for this host and be sent with its whole chain."
    ),
    "unreadable": gettext_lazy(
        "Something else answers at this address. Compare it with what the platform shows."
    ),
    "no_key": gettext_lazy("The key set holds no RSA key of 2048 bits or more for signatures."),
    "status": gettext_lazy("The platform answers with an error. Its own log of this moment tells more."),
    "ours_plain": gettext_lazy(
        "The portal's public address does not begin with https://. See the guide of installing."
    ),
    "theirs_plain": gettext_lazy(
        "The platform is not reached over https. Browsers will not send cookies there."
    ),
    "ahead": gettext_lazy(
        "The platform's clock is ahead of ours. Let both servers take the time from the net (NTP)."
    ),
    "behind": gettext_lazy(
        "The platform's clock is behind ours. Let both servers take the time from the net (NTP)."
    ),
    "unknown": gettext_lazy("The platform does not say what time it has."),
    "client": gettext_lazy(
        "The platform does not take our signature. Compare the client ID, and see that the tool is active there."
    ),
    "not_tried": gettext_lazy("Not tried, since the platform did not answer before."),
    "nothing_known": gettext_lazy("Open an activity from the platform as a student, then test again."),
    "no_token": gettext_lazy("Not tried, since a permission above is missing."),
    "no_container": gettext_lazy(
        "The link of a quiz or course has no column, and the platform does not say where one could be added. Let the "
        "activity take grades in the platform."
    ),
    "others": gettext_lazy(
        "The link has columns for something else, so that we add none. Remove them, or let the activity take grades."
    ),
    "gone": gettext_lazy(
        "The column was removed on the platform, so that we do not add it again. Let the activity take grades there."
    ),
}


@dataclass(frozen=True)
class Line:
    """One step as the screen shows it."""

    title: str
    result: str
    told: str
    advice: str
    detail: str


def lines(check: PlatformCheck) -> list[Line]:
    """Return the steps there are, in words."""
    return [line(step) for step in check.steps]


def line(step: dict[str, Any]) -> Line:
    """Return one step in words."""
    return Line(
        title=str(TITLES.get(step["step"], step["step"])),
        result=step["result"],
        told=str(RESULTS[step["result"]]),
        advice=advice(step["step"], step["reason"]) if step["reason"] else "",
        detail=step["detail"],
    )


def advice(step: str, reason: str) -> str:
    """Return what to do."""
    if step == "ours":
        return _(
            "Our server does not reach its own public address. Check KELRODIS_SITE_URL, the name of the host and the "
            "certificate."
        )
    if reason == "scope":
        place = moodle.MEMBERS if step == "token_members" else moodle.GRADES
        return str(moodle.said(NOT_GRANTED, place=place))
    if reason == "not_granted":
        return str(moodle.said(NO_COLUMN, place=moodle.GRADES))
    if reason == "keys":
        text = _("The platform cannot read our keys: its server must reach {url}. In Moodle: {place}.")
        url = conf.SITE_URL.rstrip("/") + reverse("lti:jwks")
        return format_html(text, url=url, place=moodle.english(moodle.CURL))
    return str(ADVICE.get(reason, ADVICE["status"]))
