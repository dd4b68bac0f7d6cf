"""The class view of the teacher who came from a learning platform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lti.flows import rosters
from lti.flows.resending import resend
from lti.getters import Taught, taught_here
from lti.models import Roster
from lti.reports.classes import Participant, participants
from lti.views import classwords
from portal.content.serving import language_here

PAGE = 50  # people on one page
SHOWN = ("all", "absent", "not_arrived")
SORTS = ("name", "progress")


@dataclass(frozen=True)
class Wish:
    """What of the class is to be shown, and in which order; what is not known means the first of each."""

    show: str
    sort: str

    @property
    def query(self) -> str:
        """The wish as the end of an address; "" for the usual one."""
        said = {"show": (self.show, SHOWN[0]), "sort": (self.sort, SORTS[0])}
        wanted = {name: value for name, (value, usual) in said.items() if value != usual}
        return f"?{urlencode(wanted)}" if wanted else ""

    def chosen(self, everybody: list[Participant]) -> list[Participant]:
        """Return those to be shown, in order."""
        found = [one for one in everybody if self._fits(one)]
        if self.sort == "progress":
            found.sort(key=lambda one: one.progress.done if one.progress else -1)
        return found

    def _fits(self, one: Participant) -> bool:
        return {"absent": one.is_absent, "not_arrived": one.not_arrived}.get(self.show, True)


def wish_of(request: HttpRequest) -> Wish:
    """Return what the address asks for."""
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    return Wish(show if show in SHOWN else SHOWN[0], sort if sort in SORTS else SORTS[0])


@require_safe
@login_required
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Show who is in the class, where they are, and where their grades are."""
    taught = taught_here(request)
    roster = Roster.objects.filter(context=taught.context).first()
    everybody, teachers = _people(taught, roster)
    wish = wish_of(request)
    shown = Paginator(wish.chosen(everybody), PAGE).get_page(request.GET.get("page"))
    context = {
        "context": taught.context,
        "platform": taught.context.deployment.registration.name,
        "state": taught.state,
        "roster": classwords.roster_words(roster, offered=bool(taught.context.memberships_url)),
        "teachers": teachers,
        "wish": wish,
        "filters": _filters(wish, everybody),
        "sorts": _sorts(wish),
        "failed": sum(bool(one.failed) for one in everybody),
        "total": len(everybody),
        "begun": sum(one.progress is not None for one in everybody),
        "shown": shown,
        "rows": [classwords.row(one) for one in shown],
        "in_class": True,
    }
    return render(request, "lti/classroom.html", context)


def _people(taught: Taught, roster: Roster | None) -> tuple[list[Participant], list[str]]:
    return participants(
        context=taught.context,
        course=taught.course,
        state=taught.state,
        roster=roster,
        language=language_here(),
    )


def _filters(wish: Wish, everybody: list[Participant]) -> list[dict[str, Any]]:
    """Return the filters as links: what they are called, how many they show, whether one is chosen."""
    labels = (_("All"), _("Not come yet"), _("Grade not arrived"))
    return [
        {
            "label": label,
            "count": len(Wish(show, wish.sort).chosen(everybody)),
            "query": Wish(show, wish.sort).query,
            "current": show == wish.show,
        }
        for show, label in zip(SHOWN, labels, strict=True)
    ]


def _sorts(wish: Wish) -> list[dict[str, Any]]:
    labels = (_("By name"), _("By progress, least first"))
    return [
        {"label": label, "query": Wish(wish.show, sort).query, "current": sort == wish.sort}
        for sort, label in zip(SORTS, labels, strict=True)
    ]


@require_POST
@login_required
def read_anew(request: HttpRequest) -> HttpResponse:
    """Have the list of participants read by a worker."""
    taught = taught_here(request)
    if not taught.context.memberships_url:
        raise Http404
    if rosters.ask(context=taught.context, every=rosters.BY_HAND):
        messages.success(request, _("The list is being read. Look again in a moment."))
    else:
        messages.info(request, _("The list was asked for less than a minute ago. Look again in a moment."))
    return _back(request)


@require_POST
@login_required
def send_again(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """Send grades again that did not arrive: of one person, or of everybody in the class."""
    taught = taught_here(request)
    everybody, _teachers = _people(taught, Roster.objects.filter(context=taught.context).first())
    if uuid is not None:
        everybody = [one for one in everybody if one.person == uuid]
        if not everybody:
            raise Http404
    again = resend(
        deliveries=[key for one in everybody for key in one.failed],
        by=request.user,  # type: ignore[arg-type]
    )
    if again:
        said = ngettext("%(n)s grade is being sent again.", "%(n)s grades are being sent again.", again)
        messages.success(request, said % {"n": again})
    else:
        messages.info(request, _("There is nothing to send again: it has arrived, or is just being sent."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(reverse("classroom:index") + wish_of(request).query)
