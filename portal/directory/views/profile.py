"""One's own profile: name and language, where one works, which letters one gets."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.directory import finding, getters
from portal.directory.flows import affiliations, profile
from portal.directory.forms.profile import JoinForm, LastDayForm, LettersForm, ProfileForm, WorkForm
from portal.directory.models import Affiliation, Library, User
from portal.directory.own import own_here
from portal.outbox import kinds

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@own_here
@never_cache
@GET_OR_POST
def own(request: HttpRequest) -> HttpResponse:
    """Show the profile; change name and language."""
    me = _me(request)
    names_open = profile.may_change_name(me)
    initial = {"first_name": me.first_name, "last_name": me.last_name, "language": me.preferred_language}
    form = ProfileForm(request.POST or None, initial=initial, names_open=names_open)
    if request.method == "POST" and form.is_valid():
        profile.change(user=me, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    rows = Affiliation.objects.of(me).select_related("library", "branch").order_by("-date_from", "-pk")
    context = {"form": form, "names_open": names_open, "affiliations": rows}
    return render(request, "profile/own.html", context, status=400 if form.errors else 200)


@own_here
@never_cache
def libraries(request: HttpRequest) -> HttpResponse:
    """Find the library one works in, by its name, its place or a branch's name."""
    question = request.GET.get("q", "")[:200]
    found = finding.find(question)
    return render(request, "profile/libraries.html", {"question": question, "found": found})


@own_here
@never_cache
@GET_OR_POST
def join(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say that one works at a library."""
    library = get_object_or_404(Library.objects.select_related("municipality"), uuid=uuid)
    initial = {"branch": request.GET.get("branch", ""), "date_from": localdate()}
    form = JoinForm(request.POST or None, initial=initial, library=library)
    if request.method == "POST" and form.is_valid():
        try:
            declared = affiliations.declare(user=_me(request), library=library, **form.cleaned_data)
        except affiliations.AlreadyDeclared:
            messages.info(request, _("You have said so already."))
        except affiliations.TooManyAffiliations:
            messages.warning(request, _("You work at many libraries already. End one first."))
        else:
            text = _("Thank you. Your library will confirm it; you will get a letter.")
            invited = _("Thank you. Your library has invited you, so it is confirmed already.")
            messages.success(request, invited if declared.confirmed else text)
        return redirect("profile")
    context = {"form": form, "library": library}
    return render(request, "profile/join.html", context, status=400 if form.errors else 200)


@own_here
@never_cache
@GET_OR_POST
def work(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change one's branch or job title."""
    affiliation = getters.own_affiliation(request, uuid)
    branch = affiliation.branch.uuid if affiliation.branch else ""
    initial = {"branch": branch, "job_title": affiliation.job_title}
    form = WorkForm(
        request.POST if request.method == "POST" else None, initial=initial, library=affiliation.library
    )
    if request.method == "POST" and form.is_valid():
        affiliations.correct(affiliation=affiliation, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    context = {"form": form, "affiliation": affiliation}
    return render(request, "profile/work.html", context, status=400 if form.errors else 200)


@own_here
@never_cache
@GET_OR_POST
def leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take back what one has declared, or say when one's work ended."""
    affiliation = getters.own_affiliation(request, uuid)
    if not affiliation.confirmed:
        return _withdraw(request, affiliation)
    initial = {"date_to": affiliation.date_to or localdate()}
    data = request.POST if request.method == "POST" else None
    form = LastDayForm(data, initial=initial, began=affiliation.date_from)
    if request.method == "POST" and form.is_valid():
        affiliations.end(affiliation=affiliation, by=_me(request), **form.cleaned_data)
        messages.success(request, _("Saved. What you have learned stays with you."))
        return redirect("profile")
    context = {"form": form, "affiliation": affiliation}
    return render(request, "profile/leave.html", context, status=400 if form.errors else 200)


def _withdraw(request: HttpRequest, affiliation: Affiliation) -> HttpResponse:
    if request.method != "POST":
        return render(request, "profile/leave.html", {"affiliation": affiliation})
    try:
        affiliations.withdraw(affiliation=affiliation)
    except affiliations.AlreadyDecided:
        messages.info(request, _("The library has answered in the meantime."))
    else:
        messages.success(request, _("Taken back."))
    return redirect("profile")


@own_here
@never_cache
@GET_OR_POST
def letters(request: HttpRequest) -> HttpResponse:
    """Choose which letters one gets, of those one may do without."""
    form = LettersForm(request.POST if request.method == "POST" else None, person=_me(request))
    if request.method == "POST" and form.is_valid():
        profile.choose_letters(user=_me(request), wanted=form.cleaned_data["wanted"])
        messages.success(request, _("Saved."))
        return redirect("profile_letters")
    return render(request, "profile/letters.html", {"form": form}, status=400 if form.errors else 200)


@csrf_exempt  # a mail program presses the button for its reader, without our cookies (RFC 8058, clause 3.1)
@never_cache
@GET_OR_POST
def stop_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of letters, by the link in one of them; a visit alone changes nothing."""
    try:
        person, kind = kinds.read(token)
    except kinds.UnknownToken:
        return render(request, "profile/stop.html", {"kind": None}, status=404)
    if request.method == "POST":
        person = profile.stop_letters(user=person, kind=kind.name)
    context = {"kind": kind, "stopped": not kinds.wants(person, kind.name)}
    return render(request, "profile/stop.html", context)
