"""One's own e-mail address, changed by oneself."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.directory.flows import accounts
from portal.directory.forms.account import OtherAddressForm
from portal.directory.models import User
from portal.directory.own import own_account


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
@rate_limit(action="manage_email")
@reauthentication_required(app="allauth.account")
def change(request: HttpRequest) -> HttpResponseBase:
    """Write to another address, which replaces the present one once it is confirmed; or forget about it."""
    assert isinstance(request.user, User)  # noqa: S101 (own_account asked to sign in)
    if "forget" in request.POST:
        accounts.drop_other_address(user=request.user)
        return redirect("address")
    form = OtherAddressForm(request.POST or None, user=request.user)
    if form.is_valid():
        email = form.cleaned_data["email"]
        if ratelimit.consume(request, action="confirm_email", key=email):
            accounts.ask_for_another_address(user=request.user, email=email)
        return redirect("address")
    context = {"form": form, "waiting": accounts.other_address(user=request.user)}
    return render(request, "account/address.html", context, status=400 if form.errors else 200)
