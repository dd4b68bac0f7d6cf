"""Login initiation: the platform asks us to begin a launch."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from lti_tool.models import LtiRegistration

from lti.flows import initiation
from lti.flows.errors import NotReadable, Refused
from lti.flows.initiation import Initiation
from lti.views.framing import MARKER, WEEK, cookie_name, is_framed, keep_cookie, let_platform_frame
from lti.views.refusals import refuse
from lti.views.storage import to_keep

CHECK = "cookie_check"


@csrf_exempt  # it changes nothing of anybody's; the launch it begins is bound to this browser
def login(request: HttpRequest) -> HttpResponse:
    """Send the person on to the platform's sign-in; where cookies do not work, see what does."""
    if request.method not in {"GET", "POST"}:
        return HttpResponseNotAllowed(["GET", "POST"])
    registration = None
    try:
        parameters = read(request)
        asked = initiation_of(parameters)
        registration = initiation.platform_of(initiation=asked)
        initiation.check(initiation=asked)
    except Refused as refusal:
        return refuse(request, refusal, registration)
    if is_framed(request) and request.COOKIES.get(MARKER) != "1":
        response = _check_cookies(request, parameters, registration, asked)
    else:
        begun = initiation.begin(registration=registration, initiation=asked)
        response = HttpResponseRedirect(begun.url)
        keep_cookie(request, response, cookie_name(begun.state), begun.binding, seconds=600)
        let_platform_frame(response, registration)
    add_never_cache_headers(response)
    return response


def read(request: HttpRequest) -> QueryDict:
    """Return the parameters as they came, without our own mark. Raises NotReadable."""
    parameters = request.GET.copy()
    try:
        parameters.update(request.POST)
    except (SuspiciousOperation, MultiPartParserError):
        raise NotReadable("request_unreadable") from None
    return parameters


def initiation_of(parameters: QueryDict) -> Initiation:
    """Return what the platform asks for; missing parameters are empty."""
    return Initiation(
        issuer=parameters.get("iss", ""),
        client_id=parameters.get("client_id", ""),
        target_link_uri=parameters.get("target_link_uri", ""),
        login_hint=parameters.get("login_hint", ""),
        message_hint=parameters.get("lti_message_hint"),
        storage_target=parameters.get("lti_storage_target", ""),
    )


def _check_cookies(
    request: HttpRequest, parameters: QueryDict, registration: LtiRegistration, asked: Initiation
) -> HttpResponse:
    """Find out by one hop to ourselves whether cookies live in this frame, before the platform is asked.

    It answers only once per launch (Moodle's launch id is single use), so afterwards is too late. Where they do not,
    the platform may keep the launch's secret for us, and a new tab is left when it does not.
    """
    checked = parameters.pop(CHECK, None) is not None
    address = f"{reverse('lti:login')}?{parameters.urlencode()}"
    if checked:
        context: dict[str, Any] = {"address": address}
        if initiation.has_storage(registration=registration, initiation=asked):
            begun = initiation.begin(registration=registration, initiation=asked, in_storage=True)
            context["storage"] = to_keep(begun, asked, registration)
        response = render(request, "lti/new_tab.html", context)
        let_platform_frame(response, registration)
        return response
    response = HttpResponseRedirect(f"{address}&{CHECK}=1")
    keep_cookie(request, response, MARKER, "1", seconds=WEEK)
    return response
