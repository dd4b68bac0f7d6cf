"""The rung below cookies: the platform's own window keeps the launch's secret for us, by messages between frames.

Our script (``static/lti/storage.js``) writes it there before the platform is asked to sign the person in, and reads it
when the answer is back. That the secret comes by a POST from our own page is part of the proof: whoever began a launch
in their browser knows its secret, and could otherwise send it from a page of theirs through somebody else's.

Source: 1EdTech LTI Client Side postMessages 0.1, LTI postMessage Storage 0.1, LTI OIDC Login with LTI Client Side
postMessages 0.1.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import now
from lti_tool.models import LtiRegistration

from lti.flows import launch as flow
from lti.flows.addresses import origin
from lti.flows.errors import NotGivenBack
from lti.flows.initiation import Begun, Initiation
from lti.models import LaunchState
from lti.views.framing import cookie_name, is_framed, is_from_our_page, let_platform_frame


def to_keep(begun: Begun, asked: Initiation, registration: LtiRegistration) -> dict[str, str]:
    """Return what our script has the platform keep, and where it goes on to then."""
    return {
        "target": asked.storage_target,
        "origin": origin(registration.auth_url),
        "key": cookie_name(begun.state),
        "value": begun.binding,
        "onward": begun.url,
    }


def must_ask(request: HttpRequest, row: LaunchState, form: QueryDict) -> bool:
    """Tell whether a message waits for the secret that the platform keeps."""
    return bool(row.storage_target) and is_framed(request) and not {"binding", "error"} & set(form)


def ask(request: HttpRequest, row: LaunchState, form: QueryDict) -> HttpResponse:
    """Answer with a page whose script asks for the secret and sends it here, with the message.

    The message waits in the page's form, and nowhere else. Raises NotConnected, UsedUp.
    """
    flow.check_open(row=row, moment=now())
    context = {
        "target": row.storage_target,
        "origin": origin(row.registration.auth_url),
        "key": cookie_name(row.state),
        "state": row.state,
        "token": form.get("id_token", ""),
    }
    response = render(request, "lti/proving.html", context)
    let_platform_frame(response, row.registration)
    add_never_cache_headers(response)
    return response


def binding_of(request: HttpRequest, row: LaunchState, form: QueryDict) -> str:
    """Return the secret that came with a message, "" if none did. Raises NotGivenBack."""
    if not row.storage_target:
        return request.COOKIES.get(cookie_name(row.state), "")
    if "binding" in form and not is_from_our_page(request):
        raise NotGivenBack("binding_storage_not_from_our_page")
    return form.get("binding", "")
