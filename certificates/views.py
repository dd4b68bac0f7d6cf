"""Checking a certificate (public), downloading one's own, giving the name it needs."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from certificates import limits, printing, wording
from certificates.flows import naming, rendering
from certificates.forms import CheckForm, NameForm, SurnameForm
from certificates.models import TOKEN, Credential
from portal.limits import address_of

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def unlisted(view: View) -> View:
    """Keep the page out of search engines and caches, and its address out of other sites' logs."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = never_cache(view)(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


def redirect_to_language(request: HttpRequest, token: str) -> HttpResponse:
    """Lead from the address on paper to the page in the reader's language."""
    return _in_best_language(request, "certificates:verify", token=token)


def check_in_any_language(request: HttpRequest) -> HttpResponse:
    """Lead from the address on paper to the form in the reader's language."""
    return _in_best_language(request, "certificates:check")


@csrf_exempt  # it changes nothing, and a token against forgery would make a session of every visitor
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a certificate certifies; its holder in full to whoever knows the surname."""
    address = address_of(request)
    if limits.UNKNOWN_TOKENS.reached(address):
        return _answer(request, None, status=429)
    credential = Credential.objects.with_token(token).first()
    if credential is None:
        limits.UNKNOWN_TOKENS.count(address)
        return _answer(request, None, status=404)
    if request.method != "POST":
        return _answer(request, credential, form=SurnameForm())
    form = SurnameForm(request.POST)
    if not form.is_valid():
        return _answer(request, credential, form=form, status=400)
    if _guessing(address, credential.number):
        form.add_error("surname", _("Too many attempts. Try again in an hour."))
        return _answer(request, credential, form=form, status=429)
    if not _surname_matches(credential, form.cleaned_data["surname"], address, credential.number):
        form.add_error("surname", _("This is not the surname on the certificate."))
        return _answer(request, credential, form=form, status=400)
    return _answer(request, credential, named=True)


@csrf_exempt  # as above
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Look a certificate up by the code or by the number and surname that stand on it."""
    form = CheckForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, form, status=400 if form.is_bound else 200)
    code, surname, address = form.cleaned_data["code"], form.cleaned_data["surname"], address_of(request)
    token = TOKEN.search(code)
    if token:
        return redirect("certificates:verify", token=token[0])
    if not surname:
        form.add_error("surname", _("Enter the surname printed on the certificate."))
        return _form(request, form, status=400)
    if _guessing(address, code):
        form.add_error(None, _("Too many attempts. Try again in an hour."))
        return _form(request, form, status=429)
    credential = Credential.objects.with_number(code).first()
    if not _surname_matches(credential, surname, address, code) or credential is None:
        form.add_error(None, _("There is no certificate with this number and this surname."))
        return _form(request, form, status=404)
    return _answer(request, credential, named=True)


@login_required
@require_GET
def pdf(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give the holder the file; to everybody else there is none."""
    credential = Credential.objects.of(request.user).filter(uuid=uuid).first()
    if credential is None:
        raise Http404
    try:
        stream = rendering.open_file(credential=credential)
    except rendering.FileDamaged:
        logger.exception("the file of certificate %s must be restored", credential.number)
        message = _("The file cannot be opened just now. Your certificate holds; write to us for the file.")
        messages.error(request, message)
        return redirect("learning")
    if stream is None:
        messages.info(request, _("The certificate is being prepared. It will be here in a minute."))
        return redirect("learning")
    response = FileResponse(stream, as_attachment=True, filename=f"{credential.number}.pdf")
    response["Content-Type"] = "application/pdf"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@never_cache
def name(request: HttpRequest) -> HttpResponse:
    """Ask a learner who came without a name for the one to print; show it as it will stand; then take it.

    The form comes twice, with the same names: first to be shown, then with ``step`` set to "confirm".
    """
    form = NameForm(request.POST if request.method == "POST" else None)
    if request.user.has_name:  # type: ignore[union-attr]
        return redirect("learning")
    if not form.is_valid():
        return render(request, "certificates/name.html", {"form": form}, status=400 if form.is_bound else 200)
    step = request.POST.get("step")
    if step != "confirm":
        return render(request, "certificates/name.html", {"form": form, "shown": step != "correct"})
    try:
        naming.name_holder(user=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except naming.NameAlreadyGiven:
        messages.warning(request, _("Your name is on a certificate already; to correct it, write to us."))
    else:
        messages.success(request, _("Thank you. Your certificate is being prepared."))
    return redirect("learning")


def _in_best_language(request: HttpRequest, view_name: str, **arguments: Any) -> HttpResponse:
    with override(get_language_from_request(request)):
        response = redirect(reverse(view_name, kwargs=arguments))
    response["Vary"] = "Accept-Language, Cookie"
    return response


def _answer(
    request: HttpRequest,
    credential: Credential | None,
    *,
    form: SurnameForm | None = None,
    named: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Render the one page there is for known, unknown and refused alike."""
    context = {
        "credential": credential,
        "number": format_html('<span class="together">{}</span>', credential.number) if credential else "",
        "facts": _facts(credential, named=named) if credential else [],
        "action": reverse("certificates:verify", args=[credential.token]) if credential else "",
        "form": form if credential and credential.holder_name else None,
        "status": status,
    }
    return render(request, "certificates/verify.html", context, status=status)


def _facts(credential: Credential, *, named: bool) -> list[tuple[str, str, str]]:
    """Return the rows of the page: what, in words, in which language where it is not the page's.

    The course and the competence are told by the certificate's own sentence: the competence is
    written to be read inside it, in the genitive where the language has one.
    """
    frozen = credential.snapshot
    shown = credential.holder_name if named else wording.initials(credential)
    place = f"{frozen['place']}, " if frozen["place"] else ""
    with override(credential.language):
        sentence = printing.sentence(str(frozen["title"]), frozen["competences"])
    rows = [
        (_("Holder"), shown or _("The name is no longer kept."), ""),
        (_("What is certified"), sentence, credential.language),
        (_("Workload"), wording.hours(frozen["hours"]), ""),
        (_("Period"), wording.period_of(frozen), ""),
        (_("Issued"), place + wording.day(frozen["issued_on"]), ""),
        (_("Issuer"), frozen["issuer"], credential.language),
        (_("Register number"), credential.number, ""),
    ]
    return [row for row in rows if row[1]]


def _form(request: HttpRequest, form: CheckForm, *, status: int) -> HttpResponse:
    return render(request, "certificates/check.html", {"form": form}, status=status)


def _guessing(address: str, number: str) -> bool:
    return any(limit.reached(subject) for limit, subject in _surname_limits(address, number))


def _surname_limits(address: str, number: str) -> list[tuple[limits.Limit, str]]:
    return [
        (limits.WRONG_SURNAMES, address),
        (limits.WRONG_SURNAMES_OF_ONE, f"{number} {address}"),
        (limits.WRONG_SURNAMES_FROM_ALL, number),
    ]


def _surname_matches(credential: Credential | None, typed: str, address: str, number: str) -> bool:
    """Compare the surname, in the same time whether there is a certificate or not; count failures."""
    real = wording.fold(credential.snapshot["surname"]) if credential and credential.holder_name else "\0"
    if hmac.compare_digest(wording.fold(typed).encode(), real.encode()):
        return True
    for limit, subject in _surname_limits(address, number):
        limit.count(subject)
    return False
