"""One's own account: allauth's views with our pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.directory import gate
from portal.directory.flows import accounts
from portal.directory.forms.account import TAKEN, AddressForm

WRITTEN_TO = "written_to"  # in the session: the address just typed, shown once, so that a slip is noticed


class SignUpView(allauth.SignupView):
    """Open an account; the answer is the same whether the address has one or not."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponseBase:
        """Write the person and the letter together."""
        response: HttpResponseBase = super().form_valid(form)
        self.request.session[WRITTEN_TO] = form.cleaned_data["email"]
        return response


@method_decorator(never_cache, name="dispatch")
@method_decorator(rate_limit(action="signup"), name="dispatch")
class CheckMailView(allauth.EmailVerificationSentView):
    """Say that a letter is on its way; send it once more."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the address just typed, once: a library's computers are shared."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        written_to = self.request.session.pop(WRITTEN_TO, "")
        form = context.get("form") or AddressForm(initial={"email": written_to})
        return context | {"form": form, "written_to": written_to}

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Write again, if there is anything to confirm, and say the same in any case."""
        form = AddressForm(request.POST)
        if not form.is_valid():
            page: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=400)
            return page
        email = form.cleaned_data["email"].lower()
        if ratelimit.consume(request, action="confirm_email", key=email):
            accounts.send_link_again(email=email)
        request.session[WRITTEN_TO] = email
        return redirect("account_email_verification_sent")


class NewPasswordView(allauth.PasswordResetFromKeyView):
    """Set a new password by a link."""

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Set it; where somebody else proves the address in this very moment, say so."""
        try:
            response: HttpResponseBase = super().form_valid(form)
        except accounts.AddressTaken:
            form.add_error(None, TAKEN)
            response = self.form_invalid(form)
        return response

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """Answer with the status that fits."""
        if context.get("token_fail"):
            more["status"] = HTTPStatus.GONE
        page: HttpResponse = super().render_to_response(context, **more)
        return page


class ChangePasswordView(allauth.PasswordChangeView):
    """Change one's password; every other session ends."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell somebody who comes by launches that there is no password to change, or not from there."""
        if gate.is_launched_into_account(request):
            return render(request, "account/launched.html", status=HTTPStatus.FORBIDDEN)
        if request.user.is_authenticated and not request.user.has_usable_password():
            return render(request, "account/no_password.html")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response
