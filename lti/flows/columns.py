"""Columns of a platform's grade book for links that have none: looked for first, made only where there is none.

Looking first is what makes trying again harmless: a column whose making was never confirmed (the worker was killed,
the answer lost) is found by its link. A column is never removed, and one that a teacher removed is not made again.
Source: Assignment and Grade Services 2.0, 3.2. Moodle (measured): a second column on a link takes ``lineitem`` out of
its launches, the container wants the one exact media type, and its pages cannot be followed, so none is asked for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.utils.timezone import now
from lti_tool.models import LtiRegistration, LtiResourceLink

from courses.models import Activity
from lti.flows import http, lines, reviewable
from lti.flows.addresses import origin
from lti.flows.calling import call, ended, failure
from lti.flows.text import cleaned
from lti.flows.tokens import TokenRefused, refusal_of
from lti.models import GradeColumn, GradeLine
from lti.models.grades import GradeLineQuerySet
from portal.content.reports import page_in
from portal.outbox.registry import Outcome

ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
TAG = "kelrodis"
MAXIMUM = 100
LONGEST_LABEL = 250
TOLD = {
    GradeColumn.NOT_GRANTED: "The platform does not let us add columns.",
    GradeColumn.NO_CONTAINER: "The platform does not say where columns are.",
    GradeColumn.OTHERS: "The link has columns, but none for this activity; another one would hide them.",
    GradeColumn.GONE: "The column we had added is gone; it is not added again.",
}


@dataclass(frozen=True)
class Item:
    """A column as the platform lists it; ``ours``: it says that it is for this activity."""

    url: str
    resource_id: str
    ours: bool


@dataclass(frozen=True)
class Wish:
    """What a launch asked for: whether we may add columns, and the language of the course there."""

    manage: bool
    language: str

    @property
    def scope(self) -> str:
        """The scope to call the platform under."""
        return lines.MANAGE if self.manage else lines.QUERY


def provide(*, column_id: int, round: int, wish: Wish) -> Outcome:
    """Find the column, or make it, and let what waits for it go. Trying again is harmless."""
    rows = GradeColumn.objects.select_related("activity", "resource_link__context__deployment__registration")
    column = rows.filter(pk=column_id, round=round).first()
    if column is None:
        return Outcome("superseded", state="superseded", error="It has been asked for anew.")
    if column.lineitem_url and not column.problem:
        return Outcome("already there")
    registration = column.resource_link.context.deployment.registration
    if not registration.is_active:
        return Outcome("platform off", state=None, error="The platform is switched off.")
    outcome = ended(lambda: _find_or_add(column, registration, wish))
    if (
        outcome.state != "sent" and column.problem != GradeColumn.GONE
    ):  # that is forgotten only when one is found
        _note(column, outcome.status)
    return outcome


def _find_or_add(column: GradeColumn, registration: LtiRegistration, wish: Wish) -> Outcome:
    try:
        answer = _look(column, registration, wish)
    except TokenRefused as refusal:
        if refusal_of(refusal.answer) == "scope":
            return _none(GradeColumn.NOT_GRANTED)
        raise
    if answer.status != 200:
        return failure(answer)
    items, known = items_of(answer, column), _known(column)
    found = _choose(items, known)
    if found:
        return _keep(column, found, "found")
    unfiltered = "next" in answer.headers.get("link", "").lower()  # ours may be on a page we cannot read
    if items or unfiltered:
        return _none(GradeColumn.OTHERS)
    if known or column.lineitem_url or column.problem == GradeColumn.GONE:
        return _close(column)
    return _add(column, registration, wish) if wish.manage else _none(GradeColumn.NOT_GRANTED)


def _none(problem: str) -> Outcome:
    """Return the end of an attempt that rightly comes to nothing."""
    return Outcome(problem, state="superseded", error=TOLD[problem])


# Looking ----------------------------------------------------------------------------------------


def container_of(container_url: str, link: LtiResourceLink) -> str:
    """Return the address where the columns of one link are listed, and nothing else."""
    query = urlencode({"resource_link_id": link.id_on_platform})
    return container_url + ("&" if "?" in container_url else "?") + query


def _look(column: GradeColumn, registration: LtiRegistration, wish: Wish) -> http.Answer:
    return call(
        registration,
        wish.scope,
        method="GET",
        url=container_of(column.container_url, column.resource_link),
        headers={"Accept": ITEMS_TYPE},
    )


def items_of(answer: http.Answer, column: GradeColumn) -> list[Item]:
    """Return the columns of the link among those listed. Raises CallFailed when the answer is no list.

    Some platforms do not repeat the link: then only what bears our own marks is the link's.
    """
    listed = answer.json()
    if not isinstance(listed, list):
        raise http.CallFailed("not a list")
    wanted, activity = column.resource_link.id_on_platform, str(column.activity.uuid)
    found = []
    for row in listed:
        url = address(row, column.container_url)
        if not url:
            continue
        ours = row.get("resourceId") == activity
        link = row.get("resourceLinkId")
        marked = ours and row.get("tag") == TAG
        if (marked and link is None) or str(link) == wanted:
            found.append(Item(url, str(row.get("resourceId") or ""), ours))
    return found


def address(row: Any, container_url: str) -> str:
    """Return a column's address, "" unless it is on the container's own site: our token goes there."""
    url = row.get("id") if isinstance(row, dict) else None
    same = isinstance(url, str) and len(url) <= 2000 and origin(url) and origin(url) == origin(container_url)
    return str(url) if same else ""


def _of(column: GradeColumn) -> GradeLineQuerySet:
    """Return where the results of the link's activity go, of everybody."""
    return GradeLine.objects.filter(resource_link=column.resource_link, activity=column.activity)


def _known(column: GradeColumn) -> set[str]:
    """Return the columns that launches have named for the link, or that we have used."""
    return set(_of(column).exclude(lineitem_url="").values_list("lineitem_url", flat=True))


def _choose(items: list[Item], known: set[str]) -> str:
    """Return the address of the column to use: where results have gone, then this activity's, then an only one."""
    used = [item.url for item in items if item.url in known]
    ours = [item.url for item in items if item.ours]
    only = [item.url for item in items if len(items) == 1 and not item.resource_id]
    return next(iter([*used, *ours, *only]), "")


# Making -----------------------------------------------------------------------------------------


def _add(column: GradeColumn, registration: LtiRegistration, wish: Wish) -> Outcome:
    answer = call(
        registration,
        wish.scope,
        method="POST",
        url=column.container_url,
        headers={"Content-Type": ITEM_TYPE, "Accept": ITEM_TYPE},
        body=message(column, wish.language),
    )
    if not 200 <= answer.status < 300:
        return failure(answer)
    url = address(answer.json(), column.container_url)
    if not url:
        raise http.CallFailed("no address of the column")  # the next attempt finds it
    return _keep(column, url, "added")


def message(column: GradeColumn, language: str) -> bytes:
    """Return the column as the platform is asked to make it: named in the language of the course there."""
    return json.dumps(
        {
            "label": label(column.activity, language),
            "scoreMaximum": MAXIMUM,
            "resourceId": str(column.activity.uuid),
            "resourceLinkId": column.resource_link.id_on_platform,
            "tag": TAG,
            "submissionReview": reviewable.offered(item=str(column.activity.uuid), language=language),
        },
        ensure_ascii=False,
    ).encode()


def label(activity: Activity, language: str) -> str:
    """Return the activity's title in the language, or in the language it was written in."""
    page = page_in(activity.translation_key, language)
    return cleaned(page.title if page else activity.title, LONGEST_LABEL) or str(activity.uuid)


# Keeping ----------------------------------------------------------------------------------------


@transaction.atomic
def _keep(column: GradeColumn, url: str, status: str) -> Outcome:
    """Write the column down and let what waits for it go, both or neither."""
    GradeColumn.objects.filter(pk=column.pk).update(lineitem_url=url, problem="", noted_at=now())
    waiting = column.lines.filter(activity=column.activity).exclude(lineitem_url=url)
    for line in waiting.select_for_update().order_by("pk"):
        lines.point(line=line, url=url)
    return Outcome(status)


@transaction.atomic
def _close(column: GradeColumn) -> Outcome:
    """Let nothing more be sent to a column the platform no longer has; a launch that names another opens it again."""
    GradeColumn.objects.filter(pk=column.pk).update(lineitem_url="")
    _of(column).update(lineitem_url="")
    return _none(GradeColumn.GONE)


def _note(column: GradeColumn, problem: str) -> None:
    GradeColumn.objects.filter(pk=column.pk).update(problem=problem[:40], noted_at=now())
