"""Single sign-on: off to the provider, and back."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.decorators import rate_limit
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import activate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from portal.conf import conf
from portal.directory import oidc
from portal.directory.flows.sign_on import PROVIDER

logger = logging.getLogger(__name__)
STATUS = {
    "denied": HTTPStatus.FORBIDDEN,
    "expired": HTTPStatus.BAD_REQUEST,
    "failed": HTTPStatus.BAD_GATEWAY,
}


@require_POST
@never_cache
@rate_limit(action="login")
def begin(request: HttpRequest) -> HttpResponseBase:
    """Lead to the provider.

    Not by a redirect: browsers measure every address a form's answer leads on to by ``form-action``, and a
    provider may lead on to others that we cannot name. So a page of ours leads on by itself.
    """
    if not oidc.is_offered():
        raise Http404
    try:
        provider = oidc.provider(request)
        response = provider.redirect(request, next_url=get_next_redirect_url(request))
    except (OAuth2Error, RequestException) as error:
        return failed(request, "failed", error)
    if "Location" not in response:
        return response
    return render(
        request, "account/leading_on.html", {"address": response["Location"], "name": provider.name}
    )


class Callback(OAuth2CallbackView):
    """The way back, in the language one left in, with the nonce one left with."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        if state:
            activate(state.get("language") or settings.LANGUAGE_CODE)
            self.adapter.nonce = state.get("nonce", "")
        return state, response


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponseBase:
    """Let the person in that the provider vouches for, or say why not."""
    if not oidc.is_offered():
        raise Http404
    if request.GET.get("iss", conf.OIDC["issuer"]) != conf.OIDC["issuer"]:
        return failed(request, "expired", OAuth2Error("answer of another issuer"))
    view = Callback.adapter_view(oidc.Adapter(request, PROVIDER))
    response: HttpResponseBase = view(request)
    return response


def refuse(request: HttpRequest, *, error: Any, exception: Exception | None, state: Any) -> None:
    """Raise the page that says why: denied there, too late or from elsewhere, or the provider failed.

    That it was denied is said without a state, too, as not every provider gives it back then.
    """
    denied = error == AuthError.CANCELLED or request.GET.get("error") == "access_denied"
    reason = "denied" if denied else "failed" if state else "expired"
    raise ImmediateHttpResponse(failed(request, reason, exception))


def failed(request: HttpRequest, reason: str, error: Exception | None) -> HttpResponse:
    """Say what went wrong and what to do; the log has our own word for it, never the provider's."""
    said = str(error) if isinstance(error, OAuth2Error) and "Error retrieving" not in str(error) else ""
    code = getattr(request, "support_code", "")
    logger.warning(
        "single sign-on %s, support code %s: %s %s", reason, code, type(error).__name__, said[:100]
    )
    context = {"reason": reason, "name": conf.OIDC["name"]}
    return render(request, "account/sign_on_failed.html", context, status=STATUS[reason])
