"""The screens of those who look after people: listing, confirming, inviting, appointing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.directory import getters
from portal.directory.flows import affiliations, appointing, roles
from portal.directory.forms.coordinating import (
    CONFIRMED,
    WAITING,
    AppointForm,
    FindForm,
    RefuseForm,
)
from portal.directory.forms.person import LAST_ADMINISTRATOR
from portal.directory.forms.profile import LastDayForm
from portal.directory.models import Affiliation, Invitation, Library, Role, RoleAssignment, User

PAGE = 25  # people on one page
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@login_required
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """List the people of one's libraries."""
    scope = getters.scope_here(request)
    me = _me(request)
    form = FindForm(request.GET, libraries=Library.objects.visible_to(me))
    shown = Affiliation.objects.shown_to(me).select_related("library", "branch")
    people = User.objects.looked_after_by(me).called(form.asked("q") or "")
    chosen = shown
    if form.asked("library"):
        chosen = chosen.filter(library=form.asked("library"))
    if form.asked("state"):
        chosen = chosen.filter(confirmed={CONFIRMED: True, WAITING: False}[form.asked("state")])
    if chosen is not shown:
        people = people.filter(pk__in=chosen.values("user"))
    held = RoleAssignment.objects.shown_to(me).current().select_related("library", "territory")
    people = people.in_order().prefetch_related(
        Prefetch("affiliations", shown, to_attr="work_here"),
        Prefetch("role_assignments", held, to_attr="roles_here"),
    )
    context = {"form": form, "shown": page_of(request, people), "decides": scope.decides}
    if scope.decides:
        context["waiting"] = Affiliation.objects.decided_by(me).count()
        context["invited"] = Invitation.objects.decided_by(me).count()
    return render(request, "people/index.html", context)


@login_required
@never_cache
def waiting(request: HttpRequest) -> HttpResponse:
    """List who waits for one's confirmation, the longest first."""
    getters.deciding_scope(request)
    me = _me(request)
    form = FindForm(request.GET, libraries=Library.objects.decided_by(me))
    rows = Affiliation.objects.decided_by(me).select_related("user", "library", "branch")
    if form.asked("library"):
        rows = rows.filter(library=form.asked("library"))
    context = {"form": form, "shown": page_of(request, rows.order_by("declared_at", "pk"))}
    return render(request, "people/waiting.html", context)


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """Return the page of ``rows`` that was asked for."""
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


@login_required
@never_cache
@GET_OR_POST
def decide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Confirm that somebody works in the library, or refuse with a reason."""
    affiliation = getters.waiting_here(request, uuid)
    refusing = request.method == "POST" and request.POST.get("decision") != "confirm"
    form = RefuseForm(request.POST if refusing else None)
    if request.method != "POST" or (refusing and not form.is_valid()):
        context = {"affiliation": affiliation, "form": form}
        return render(request, "people/decide.html", context, status=400 if form.errors else 200)
    name = {"name": affiliation.user.display_name}
    try:
        if refusing:
            affiliations.refuse(affiliation=affiliation, by=_me(request), **form.cleaned_data)
            messages.success(request, _("Refused. %(name)s will get a letter with the reason.") % name)
        else:
            affiliations.confirm(affiliation=affiliation, by=_me(request))
            messages.success(request, _("Confirmed: %(name)s works in your library.") % name)
    except affiliations.AlreadyDecided:
        messages.info(request, _("Somebody else has decided in the meantime."))
    return redirect("people_waiting")


@login_required
@never_cache
def person(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show somebody of one's libraries: where they work and which roles they hold there."""
    return _card(request, getters.person_here(request, uuid))


def _card(request: HttpRequest, user: User, form: AppointForm | None = None) -> HttpResponse:
    me = _me(request)
    decided = set(Library.objects.decided_by(me).values_list("pk", flat=True))
    work = Affiliation.objects.shown_to(me).filter(user=user).select_related("library", "branch")
    held = RoleAssignment.objects.shown_to(me).lasting().filter(user=user)
    endable = set(RoleAssignment.objects.ended_by(me).filter(user=user).values_list("pk", flat=True))
    if form is None and user != me and appointing.roles_to_give(by=me):
        form = AppointForm(by=me)
    context = {
        "person": user,
        "work": [(row, user != me and row.library_id in decided) for row in work.order_by("-date_from")],
        "roles": [
            (row, row.pk in endable)
            for row in held.select_related("library", "territory").order_by("date_from", "pk")
        ],
        "form": form,
    }
    return render(request, "people/person.html", context, status=400 if form and form.errors else 200)


@login_required
@require_POST
def appoint(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Grant a role at a place."""
    getters.granting_scope(request)
    user = getters.person_here(request, uuid)
    me = _me(request)
    form = AppointForm(request.POST, by=me)
    if not form.is_valid():
        return _card(request, user, form)
    data = form.cleaned_data
    try:
        granted = appointing.appoint(
            user=user, role=data["role"], place=data["at"], by=me, date_to=data["date_to"]
        )
    except appointing.NotConfirmedYet:
        messages.warning(request, _("Confirm first that this person works in a library of yours."))
    except appointing.NotYours:
        messages.error(request, _("This role is not yours to grant to this person."))
    else:
        messages.success(request, _("Granted: %(role)s.") % {"role": granted})
    return redirect("person", uuid=user.uuid)


@login_required
@never_cache
@GET_OR_POST
def end_role(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End a role at once, after asking."""
    assignment = getters.role_here(request, uuid)
    if request.method != "POST":
        return render(request, "people/end_role.html", {"assignment": assignment})
    try:
        appointing.dismiss(assignment=assignment, by=_me(request))
    except roles.LastAdministrator:
        messages.error(request, str(LAST_ADMINISTRATOR))
    else:
        messages.success(request, _("Ended: %(role)s.") % {"role": assignment})
    here = User.objects.looked_after_by(request.user).filter(pk=assignment.user_id).exists()
    return redirect("person", uuid=assignment.user.uuid) if here else redirect("people")


@login_required
@never_cache
@GET_OR_POST
def end_work(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say when somebody's work at one of one's libraries ended."""
    affiliation = getters.work_here(request, uuid)
    data = request.POST if request.method == "POST" else None
    initial = {"date_to": affiliation.date_to or localdate()}
    form = LastDayForm(data, initial=initial, began=affiliation.date_from)
    if request.method == "POST" and form.is_valid():
        try:
            affiliations.end(affiliation=affiliation, by=_me(request), **form.cleaned_data)
        except affiliations.RoleOfAnother as error:
            form.add_error("date_to", _who_ends(error.role))
        else:
            messages.success(request, _("Saved."))
            return redirect("people")
    context = {"affiliation": affiliation, "form": form}
    return render(request, "people/end_work.html", context, status=400 if form.errors else 200)


def _who_ends(role: RoleAssignment) -> str:
    """Say why the work cannot be ended yet, and who can end the role."""
    named = {"role": role.get_role_display()}
    if role.role == Role.LIBRARY_COORDINATOR:
        return _(
            "This person holds a role here: %(role)s. Only a territory coordinator or an administrator can end it."
        ) % (named)
    return _("This person holds a role here: %(role)s. Only an administrator can end it.") % named
