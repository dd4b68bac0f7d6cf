"""One's own account: allauth's views with our pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth
from allauth.core import ratelimit
from allauth.decorators import rate_limit
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from portal.directory.flows import accounts
from portal.directory.flows.accounts import Link
from portal.directory.forms.account import AddressForm

WRITTEN_TO = "written_to"  # in the session: the address just typed, shown once, so that a slip is noticed
STATUS = {
    Link.GOOD: HTTPStatus.OK,
    Link.USED: HTTPStatus.GONE,
    Link.OLD: HTTPStatus.GONE,
    Link.TAKEN: HTTPStatus.CONFLICT,
    Link.UNKNOWN: HTTPStatus.NOT_FOUND,
}


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


@method_decorator(never_cache, name="dispatch")
class ConfirmAddressView(allauth.ConfirmEmailView):
    """Confirm an address by the link that was sent to it, or say why this one does not."""

    def logout_other_user(self, confirmation: Any) -> None:
        """Let nobody be signed out by a mere visit."""
        if self.request.method == "POST":
            super().logout_other_user(confirmation)

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Confirm; show the page again where the link is not, or no longer, good."""
        try:
            response: HttpResponseBase = super().post(*args, **kwargs)
        except Http404:
            response = self.get(*args, **kwargs)
        return response

    def respond(self, success: bool) -> HttpResponseBase:
        """Lead on; where somebody else was first, say so."""
        if success:
            response: HttpResponseBase = super().respond(success)
            return response
        page: HttpResponse = self.render_to_response(self.get_context_data())
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell what the link is good for."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        link, address = accounts.read(key=self.kwargs["key"])
        more = {"link": link.value, "email": address.email if address else "", "form": AddressForm()}
        return context | more

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """Answer with the status that fits."""
        page: HttpResponse = super().render_to_response(context, status=STATUS[Link(context["link"])], **more)
        return page


class NewPasswordView(allauth.PasswordResetFromKeyView):
    """Set a new password by a link."""

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """Answer with the status that fits."""
        if context.get("token_fail"):
            more["status"] = HTTPStatus.GONE
        page: HttpResponse = super().render_to_response(context, **more)
        return page


class ChangePasswordView(allauth.PasswordChangeView):
    """Change one's password; every other session ends."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Tell somebody who comes by launches that there is no password to change."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return render(request, "account/no_password.html")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response
