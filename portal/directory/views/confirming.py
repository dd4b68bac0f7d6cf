"""The page a link to an address leads to: is the address yours, and the account that wants it?

Whoever opened the account may have been somebody else, who knows its password. So the link alone is enough only in
the browser that opened it; elsewhere a password is asked for, which is the account's from then on. An address that is
to replace another is confirmed by whoever is signed in to the account.
"""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth
from allauth.account.internal.flows.password_reset import perform_password_reset_login
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.decorators import rate_limit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.directory.flows import accounts, claims
from portal.directory.flows.accounts import Link
from portal.directory.forms.account import AddressForm, OpeningForm

STATUS = {
    Link.GOOD: HTTPStatus.OK,
    Link.USED: HTTPStatus.GONE,
    Link.OLD: HTTPStatus.GONE,
    Link.TAKEN: HTTPStatus.CONFLICT,
    Link.UNKNOWN: HTTPStatus.NOT_FOUND,
}


class Way(StrEnum):
    """What it takes to confirm an address in this browser."""

    PRESS = "press"
    PASSWORD = "password"  # noqa: S105 (a word, not a secret)
    SIGN_IN = "sign_in"


def way_to_confirm(request: HttpRequest, address: EmailAddress) -> Way:
    """Return what it takes to confirm ``address`` in this browser."""
    if not claims.is_sign_up(address=address):
        return Way.PRESS if request.user.pk == address.user_id else Way.SIGN_IN
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    opened_here = stage is not None and stage.login.user is not None and stage.login.user == address.user
    return Way.PRESS if opened_here and not request.user.is_authenticated else Way.PASSWORD


@method_decorator(never_cache, name="dispatch")
@method_decorator(rate_limit(action="reset_password_from_key"), name="dispatch")
class ConfirmAddressView(allauth.ConfirmEmailView):
    """Confirm an address by the link that was sent to it, or say why this one does not."""

    opening: OpeningForm | None = None
    dropped = False

    def get_object(self, queryset: Any = None) -> EmailConfirmationHMAC:
        """Return the confirmation a good link stands for. Raises Http404."""
        link, address = accounts.read(key=self.kwargs["key"])
        if link is not Link.GOOD or address is None:
            raise Http404
        return EmailConfirmationHMAC(address)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the page; nobody is signed out by looking at it."""
        try:
            self.object = self.get_object()
        except Http404:
            self.object = None
        return self.render_to_response(self.get_context_data())

    def post(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Confirm, or drop the claim; show the page again where the link is not, or no longer, good."""
        try:
            address = self.get_object().email_address
        except Http404:
            return self.get(*args, **kwargs)
        if "drop" in self.request.POST:
            claims.drop(address=address)
            self.dropped = True
            return self.get(*args, **kwargs)
        way = way_to_confirm(self.request, address)
        if way is Way.PASSWORD:
            return self.open(address)
        return self.get(*args, **kwargs) if way is Way.SIGN_IN else self.press(*args, **kwargs)

    def press(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Confirm by the link alone."""
        try:
            response: HttpResponseBase = super().post(*args, **kwargs)
        except Http404:
            response = self.get(*args, **kwargs)
        return response

    def open(self, address: EmailAddress) -> HttpResponseBase:
        """Let the reader of the mailbox say the password, and in."""
        self.opening = OpeningForm(self.request.POST, user=address.user)
        if not self.opening.is_valid():
            return self.get()
        try:
            accounts.open_account(address=address, password=self.opening.cleaned_data["password1"])
        except accounts.AddressTaken:
            return self.get()
        self.logout_other_user(EmailConfirmationHMAC(address))
        messages.success(self.request, _("Your address is confirmed. Welcome!"))
        response: HttpResponse = perform_password_reset_login(self.request, address.user, email=address.email)
        return response

    def respond(self, success: bool) -> HttpResponseBase:
        """Lead on; where somebody else was first, say so."""
        if success:
            response: HttpResponseBase = super().respond(success)
            return response
        page: HttpResponse = self.render_to_response(self.get_context_data())
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell what the link is good for, and whose account it is."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        link, address = accounts.read(key=self.kwargs["key"])
        more = {"link": link.value, "email": address.email if address else "", "form": AddressForm()}
        if address is not None and link is Link.GOOD:
            more |= {"name": address.user.get_full_name(), "sign_up": claims.is_sign_up(address=address)}
            more |= {"way": way_to_confirm(self.request, address).value}
            more |= {"opening": self.opening or OpeningForm(user=address.user)}
        if self.dropped:
            more["link"] = "dropped"
        return context | more

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """Answer with the status that fits."""
        status = HTTPStatus.OK if self.dropped else STATUS[Link(context["link"])]
        page: HttpResponse = super().render_to_response(context, status=status, **more)
        return page
