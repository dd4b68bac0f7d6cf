"""The picker: a teacher looks for what is to be put into their course, and takes it along."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from lti.filters import LANGUAGES, Finder, points, taken
from lti.flows import choosing
from lti.flows.addresses import origin
from lti.flows.choosing import POINTS, Chosen
from lti.flows.claims import Context
from lti.flows.destinations import destination
from lti.flows.errors import Refused
from lti.getters import own_selection
from lti.models import Selection
from lti.reports import Offer, library, offers_named, offers_of
from lti.views.refusals import refuse

PAGE = 20
NAMES = {"lt": "Lietuvių", "en": "English"}


def selecting(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the teacher's own choice; one made already, or too old, is told so."""

    @functools.wraps(view)
    def inner(request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            return view(request, own_selection(request, uuid))
        except Refused as refusal:
            return refuse(request, refusal)

    return never_cache(inner)


@require_GET
@selecting
def choose(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Show what there is, searched and filtered, with what has been taken so far."""
    finder = Finder(request.GET, language=selection.language, user=selection.user)
    shown = Paginator(finder.keys(), PAGE).get_page(request.GET.get("page"))
    first = (
        [library(finder.language)] if finder.is_browsing and not finder.topics and shown.number == 1 else []
    )
    context = {
        "selection": selection,
        "finder": finder,
        "facets": finder.facets(),
        "shown": shown,
        "offers": [*first, *offers_of(list(shown.object_list))],
        "clear": f"?{_again(finder.taken, finder.language)}",
        "taken": offers_named(finder.taken, language=finder.language, user=selection.user),
        "within": _course(finder),
        "languages": [(code, NAMES[code], code == finder.language) for code in LANGUAGES],
    }
    return render(request, "lti/choose.html", context)


@require_http_methods(["GET", "POST"])
@selecting
def settle(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Show what was taken once more, with its grade columns; posted, put it into the course."""
    query = request.POST if request.method == "POST" else request.GET
    asked = taken(query)
    language = query.get("language", "")
    language = language if language in LANGUAGES else selection.language
    offers = offers_named(asked, language=language, user=selection.user)
    wanted = points(query, [offer.item for offer in offers if offer.graded], POINTS)
    problem = _problem(selection, asked, offers, wanted)
    if request.method == "POST" and not problem:
        return _done(request, selection, [_chosen(offer, wanted) for offer in offers])
    context = {
        "selection": selection,
        "lines": [_line(offer, wanted, query, request.method == "POST") for offer in offers],
        "problem": problem if request.method == "POST" or not offers else "",
        "language": language,
        "most": POINTS,
        "back": f"{reverse('choosing:choose', args=[selection.uuid])}?{_again(asked, language)}",
    }
    return render(request, "lti/settle.html", context, status=400 if request.method == "POST" else 200)


@dataclass(frozen=True)
class Line:
    """One thing taken, with what was written of its grade column."""

    offer: Offer
    points: str
    is_wanted: bool
    is_wrong: bool


def _line(offer: Offer, wanted: dict[str, int | None], query: QueryDict, posted: bool) -> Line:
    return Line(
        offer=offer,
        points=query.get(f"points-{offer.item}", str(POINTS))[:10],
        is_wanted=offer.item in wanted if posted else offer.graded,
        is_wrong=wanted.get(offer.item, POINTS) is None,
    )


@require_http_methods(["POST"])
@selecting
def leave(request: HttpRequest, selection: Selection) -> HttpResponse:
    """Go back to the platform with nothing chosen."""
    if selection.resource_link_id is not None:
        return redirect(choosing.picker_url(selection))
    return _done(request, selection, [])


def _course(finder: Finder) -> Offer | None:
    """Return the course whose parts are shown."""
    if finder.course is None:
        return None
    named = offers_named([], language=finder.language, user=finder.user, course=finder.course)
    return next(iter(named), None)


def _again(items: list[str], language: str) -> str:
    return "&".join([*(f"chosen={item}" for item in items), f"language={language}"])


def _chosen(offer: Offer, wanted: dict[str, int | None]) -> Chosen:
    return Chosen(item=offer.item, title=offer.title, text=offer.summary, points=wanted.get(offer.item))


def _problem(
    selection: Selection, asked: list[str], offers: list[Offer], wanted: dict[str, int | None]
) -> str:
    """Return what is wrong with what was taken; "" where it can be put into the course."""
    if not asked:
        return _("Nothing has been chosen yet.")
    if len(offers) < len(asked):
        return _(
            "Something of what you chose is not published any more. It has been left out: check the rest and go on."
        )
    if len(offers) > 1 and not selection.takes_several:
        return _("Only one thing can be put here. Choose which.")
    if None in wanted.values():
        return _("Points must be a whole number from 1 to %(most)s.") % {"most": POINTS}
    return ""


def _done(request: HttpRequest, selection: Selection, chosen: list[Chosen]) -> HttpResponse:
    """Take the answer to the platform, or open what the link opens from now on."""
    if selection.resource_link is not None:
        return _placed(request, selection, chosen[0].item)
    answer = choosing.answer(selection=selection, chosen=chosen)
    response = render(
        request, "lti/chosen.html", {"answer": answer, "n": len(chosen), "selection": selection}
    )
    response._csp_update = {"form-action": [origin(answer.url)]}  # type: ignore[attr-defined]
    return response


def _placed(request: HttpRequest, selection: Selection, item: str) -> HttpResponse:
    choosing.place(selection=selection, item=item)
    context = selection.resource_link.context  # type: ignore[union-attr]
    told = Context(id=context.id_on_platform, label=context.label, title=context.title, types=frozenset())
    leads = destination(item=item, language=selection.language, context=told)
    request.session["launch"] |= {
        "activity": item,
        "course": str(leads.course.uuid) if leads.course else "",
        "change_url": choosing.picker_url(selection),
    }
    request.session.modified = True
    return redirect(leads.url)
