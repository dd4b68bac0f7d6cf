"""The class view in words: where a grade is on its way, and how the list of participants was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lti.models import Roster
from lti.reports.classes import Participant, Passback

TONES = {
    "sent": "ok",
    "trying": "new",
    "refused": "no",
    "let_go": "no",
}
STATES = {
    "no_column": gettext_lazy("no column in the grade book"),
    "nothing": gettext_lazy("no result yet"),
    "waiting": gettext_lazy("waiting to be sent"),
    "trying": gettext_lazy("not arrived yet"),
    "sent": gettext_lazy("sent"),
    "superseded": gettext_lazy("the grade book's own grade stays"),
    "refused": gettext_lazy("not arrived"),
    "let_go": gettext_lazy("not sent"),
}
DOWN = gettext_lazy("The learning platform does not answer.")
NOT_ALLOWED = gettext_lazy("The learning platform does not allow us to send grades. Tell its administrator.")
OURS = gettext_lazy("Something went wrong on our side. Tell the portal's administrator.")
REASONS = {
    "http 400": gettext_lazy(
        "The learning platform does not take a grade for this person: they may not be a student of the course there."
    ),
    "http 401": NOT_ALLOWED,
    "http 403": NOT_ALLOWED,
    "http 404": gettext_lazy("The column is no longer in the grade book."),
    "http 409": gettext_lazy("The learning platform says that it has a newer grade, but shows none."),
    "http 410": gettext_lazy("The column is no longer in the grade book."),
    "http 429": gettext_lazy("The learning platform is busy."),
    "http 503": gettext_lazy("The learning platform is busy."),
    "no answer": DOWN,
    "no token": NOT_ALLOWED,
    "platform off": gettext_lazy(
        "The learning platform is switched off here. Tell the portal's administrator."
    ),
    "nowhere to send": gettext_lazy("The column is no longer in the grade book."),
    "not listed": gettext_lazy("The learning platform's list no longer names this person."),
    "clock ahead": gettext_lazy("The portal's clock was put back; the grade waits for it."),
    "worker lost": OURS,
    "error": OURS,
    "no handler": OURS,
}
UNREACHABLE = gettext_lazy("The learning platform could not be reached.")
ODD = gettext_lazy("The learning platform's answer was not a list that can be relied on.")
PROBLEMS = {
    "host": UNREACHABLE,
    "late": gettext_lazy("The learning platform did not answer in time."),
    "silent": UNREACHABLE,
    "tls": gettext_lazy("The learning platform's certificate is not trusted."),
    "refused": gettext_lazy("The address of the list may not be called from here."),
    "busy": gettext_lazy("The learning platform was busy or had an error."),
    "permission": gettext_lazy(
        "The learning platform does not let us read the list. Its administrator can allow it in the tool's settings."
    ),
    "gone": gettext_lazy("The list is no longer at the address the learning platform gave us."),
    "off": gettext_lazy("The learning platform is switched off here."),
    "too_many": gettext_lazy("The list is too long to be read."),
    "endless": gettext_lazy("The learning platform's list has no end."),
    "elsewhere": gettext_lazy("The list goes on at another server, which we do not follow."),
    "another": gettext_lazy("The learning platform answered with the list of another course."),
    "empty": gettext_lazy("The learning platform answered with an empty list."),
}


@dataclass(frozen=True)
class RosterWords:
    """How the list was read: ``offered`` by the platform at all, when, what went wrong ("" when nothing did)."""

    offered: bool
    read_at: datetime | None
    problem: str
    tried_at: datetime | None
    under_way: bool


def roster_words(roster: Roster | None, *, offered: bool) -> RosterWords:
    """Return how a list stands."""
    if roster is None:
        return RosterWords(offered, None, "", None, False)
    problem = str(PROBLEMS.get(roster.problem, ODD)) if roster.problem else ""
    return RosterWords(offered, roster.read_at, problem, roster.tried_at, roster.is_under_way)


@dataclass(frozen=True)
class GradeWords:
    """One grade on its way: ``tone`` of its tag, what to say, why, and what was sent, of 100."""

    title: str
    label: str
    tone: str
    reason: str
    points: float | None


def grade_words(grade: Passback) -> GradeWords:
    """Return a grade's way in words."""
    label = str(STATES[grade.state])
    if grade.state == "sent" and grade.at:
        label = _("sent %(moment)s") % {"moment": moment(grade.at)}
    return GradeWords(
        title=grade.title,
        label=label,
        tone=TONES.get(grade.state, ""),
        reason=_reason(grade),
        points=grade.points if grade.state not in {"no_column", "nothing"} else None,
    )


def _reason(grade: Passback) -> str:
    """Return why a grade has not arrived, and what happens next; "" where nothing is to be said."""
    if grade.state == "let_go":
        return _("The portal's administrator has let it go.")
    if grade.state not in {"trying", "refused"}:
        return ""
    usual = (
        DOWN if grade.status.startswith("http 5") else gettext_lazy("The learning platform did not take it.")
    )
    reason = str(REASONS.get(grade.status, usual))
    if grade.state == "trying" and grade.at:
        reason += " " + _("It is tried again by itself, next %(moment)s.") % {"moment": moment(grade.at)}
    return reason


def moment(at: datetime) -> str:
    """Return a moment as short as lists want it."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def row(one: Participant) -> dict[str, Any]:
    """Return a participant as the list shows them."""
    return {
        "one": one,
        "name": one.name or _("Participant without a name"),
        "progress": one.progress,
        "percent": round(100 * one.progress.done / one.progress.total)
        if one.progress and one.progress.total
        else 0,
        "grades": [grade_words(grade) for grade in one.grades],
    }
