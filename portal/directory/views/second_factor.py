"""The second factor on one's own account: seen, set up, moved to another device, removed; its recovery codes."""

from __future__ import annotations

from urllib.parse import quote

import segno
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.directory import gate, sealing
from portal.directory.flows import second_factor as flow
from portal.directory.forms.second_factor import SetUpForm
from portal.directory.models import User
from portal.directory.own import own_account
from portal.directory.scope import holds_rights

SECRET = "second_factor_secret"  # noqa: S105 (in the session: the sealed secret of an app being set up)
lately_proved = reauthentication_required(app="allauth.mfa")
pages = require_http_methods(["GET", "HEAD", "POST"])


@own_account
def index(request: HttpRequest) -> HttpResponse:
    """Show what is set up."""
    context = {"standing": flow.standing(user=_person(request)), "required": gate_requires(request)}
    return render(request, "mfa/index.html", context)


@sensitive_post_parameters("code")
@pages
@own_account
@lately_proved
def set_up(request: HttpRequest) -> HttpResponseBase:
    """Show the secret as a picture and as text; set the app up by its first code."""
    person, then = _person(request), get_next_redirect_url(request) or ""
    secret = _secret(request)
    form = SetUpForm(request.POST or None, user=person, secret=secret)
    if form.is_valid():
        app = gate.app_of(person)
        assert app is not None  # noqa: S101 (the form has just set it up)
        del request.session[SECRET]
        record_authentication(request, person, "mfa", id=app.pk, type=app.type)
        request.session.cycle_key()
        return redirect(
            f"{reverse('second_factor_codes')}{'?' if then else ''}{urlencode({'next': then} if then else {})}"
        )
    address = get_adapter().build_totp_url(person, secret)
    context = {
        "form": form,
        "next": then,
        "picture": picture(address),
        "address": address,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "moving": gate.app_of(person) is not None,
        "required": gate_requires(request),
    }
    return render(request, "mfa/set_up.html", context, status=400 if form.errors else 200)


@pages
@own_account
@lately_proved
def codes(request: HttpRequest) -> HttpResponseBase:
    """Show new recovery codes once; make others."""
    person, then = _person(request), get_next_redirect_url(request) or ""
    if request.method == "POST":
        try:
            flow.renew_codes(user=person)
        except flow.WrongCode:
            return redirect("second_factor_set_up")
        return redirect("second_factor_codes")
    shown = [f"{code[:4]} {code[4:]}" for code in flow.codes_to_show(user=person)]
    context = {
        "codes": shown,
        "file": f"data:text/plain;charset=utf-8,{quote(_file(person, shown))}",
        "standing": flow.standing(user=person),
        "then": then or reverse("second_factor"),
    }
    return render(request, "mfa/codes.html", context)


@pages
@own_account
@lately_proved
def remove(request: HttpRequest) -> HttpResponseBase:
    """Take the second factor away, after a question. Whose role requires it moves it instead."""
    person = _person(request)
    if gate_requires(request) or gate.app_of(person) is None:
        return redirect("second_factor")
    if request.method == "POST":
        flow.remove(user=person, by=person)
        messages.success(request, _("The second step is switched off."))
        return redirect("second_factor")
    return render(request, "mfa/remove.html")


def gate_requires(request: HttpRequest) -> bool:
    """Whether the person's role requires a second factor here."""
    return gate.is_required() and holds_rights(_person(request))


def picture(address: str) -> str:
    """Return the QR code (ISO/IEC 18004) of ``address`` as a ``data:`` address, dark on white in any scheme."""
    code = segno.make(address, error="m", micro=False)
    data: str = code.svg_data_uri(
        dark="#1b2421", light="#fff", border=4, omitsize=True, svgclass=None, lineclass=None
    )
    return data


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 (own_account asked to sign in)
    return request.user


def _secret(request: HttpRequest) -> str:
    """Return the secret being set up, the same until that is done: the page may be loaded twice."""
    try:
        return sealing.unseal(request.session[SECRET])
    except (KeyError, sealing.Unreadable):
        secret = flow.new_secret()
        request.session[SECRET] = sealing.seal(secret)
        return secret


def _file(person: User, shown: list[str]) -> str:
    """Return the codes as a text to keep."""
    title = _("Recovery codes of %(person)s for %(portal)s") % {
        "person": person.email or person.get_full_name(),
        "portal": get_adapter().get_totp_issuer(),
    }
    return "\r\n".join([title, "", *shown, ""])
