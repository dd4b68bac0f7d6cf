"""Joining an account of this portal with a person of a platform: the launched side, the account's side, and parting."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lti.flows import linking
from lti.getters import own_identity
from lti.models import AccountLink
from portal.directory import gate
from portal.directory.models import User
from portal.directory.own import own_account

pages = require_http_methods(["GET", "HEAD", "POST"])
lately_proved = reauthentication_required(app="allauth.account")


def _me(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


@pages
@never_cache
@login_required
def offer(request: HttpRequest) -> HttpResponse:
    """In a launched session: tell what joining means, and show a code to type in the account's own session."""
    if not gate.is_launched(request):
        return redirect("joining:mine")
    identity = own_identity(request)
    context: dict[str, Any] = {"platform": identity.registration.name, "named": linking.name_of(identity)}
    try:
        linking.check_launched(user=_me(request))
    except linking.NotOnlyLaunched:
        context["joined"] = True
    except linking.HoldsRole:
        context["staff"] = True
    else:
        if request.method == "POST":
            context["code"] = linking.new_code(identity=identity)
    return render(request, "lti/join_offer.html", context)


@pages
@never_cache
@login_required
def enter(request: HttpRequest) -> HttpResponseBase:
    """In the account's own session: take the code, name both, and join them when the person says so."""
    if gate.is_launched(request):
        return render(request, "lti/join_elsewhere.html", status=HTTPStatus.FORBIDDEN)
    return _enter(request)


@lately_proved
@rate_limit(action="join_account")
def _enter(request: HttpRequest) -> HttpResponseBase:
    code = request.POST.get("code", "")
    context: dict[str, Any] = {"code": code[:40]}
    try:
        linking.check_account(user=_me(request))
        if request.method != "POST":
            return render(request, "lti/join_enter.html", context)
        link = linking.find(code=code, account=_me(request))
        if "confirmed" not in request.POST:
            context |= {"identity": link.lti_user, "named": linking.name_of(link.lti_user)}
            return render(request, "lti/join_confirm.html", context)
        linking.join(code=code, account=_me(request))
    except linking.NotJoined as obstacle:
        context |= {"obstacle": type(obstacle).__name__}
        return render(request, "lti/join_enter.html", context, status=HTTPStatus.BAD_REQUEST)
    messages.success(request, _("Done. What you learnt on the platform is here now."))
    return redirect("joining:mine")


@require_POST
@login_required
def change_over(request: HttpRequest) -> HttpResponse:
    """Leave the launched session of this browser, to sign in with the account of the portal."""
    if not gate.is_launched(request):
        return redirect("joining:enter")
    logout(request)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('joining:enter')})}")


@own_account
def mine(request: HttpRequest) -> HttpResponse:
    """Show which platforms open one's account."""
    rows = (
        AccountLink.objects.all()
        .joined()
        .filter(account=_me(request))
        .select_related("lti_user__registration")
    )
    links = [(row, linking.name_of(row.lti_user)) for row in rows.order_by("joined_at")]
    return render(request, "lti/join_mine.html", {"links": links})


@require_POST
@own_account
def part(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Part one's account from a person of a platform."""
    joined = AccountLink.objects.all().joined().filter(account=_me(request))
    link = get_object_or_404(joined.select_related("lti_user__registration", "account"), uuid=uuid)
    linking.part(link=link)
    messages.success(request, _("Parted. The platform no longer opens your account."))
    return redirect("joining:mine")
