"""The launch: the platform's message arrives, the person comes in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login as sign_in
from django.contrib.auth.models import update_last_login
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from lti_tool.models import LtiRegistration

from lti.flows import launch as flow
from lti.flows.errors import NotReadable, PlatformRefused, Refused
from lti.flows.launch import Admission
from lti.flows.text import code
from lti.views.framing import drop_cookie, is_framed
from lti.views.login import cookie_name
from lti.views.refusals import refuse

BACKEND = "portal.directory.backends.LaunchBackend"
SESSION_LENGTH = timedelta(hours=8)


@csrf_exempt  # the state, bound to this browser by its cookie, does what a CSRF token would
def launch(request: HttpRequest) -> HttpResponse:
    """Let the person in and lead them to their activity, or say why not."""
    registration: LtiRegistration | None = None
    try:
        form = read(request)
        row = flow.begun(state=form.get("state", ""))
        registration = row.registration
        binding = request.COOKIES.get(cookie_name(row.state), "")
        if "error" in form:
            flow.check_browser(row=row, binding=binding)
            raise PlatformRefused(f"platform_error_{code(form['error'])}")
        admission = flow.complete(row=row, binding=binding, token=form.get("id_token", ""))
    except Refused as refusal:
        return refuse(request, refusal, registration)
    with transaction.atomic():  # the session's several writes are one
        begin_session(request, admission)
    response = HttpResponseRedirect(admission.url)
    drop_cookie(request, response, cookie_name(row.state))
    add_never_cache_headers(response)
    return response


class WrongMethod(NotReadable):
    """Somebody opened the address in a browser, or reloaded it."""

    status = 405


def read(request: HttpRequest) -> QueryDict:
    """Return the form the platform posted. Raises NotReadable."""
    if request.method != "POST":
        raise WrongMethod("not_a_post")
    try:
        return request.POST
    except (SuspiciousOperation, MultiPartParserError):
        raise NotReadable("request_unreadable") from None


def begin_session(request: HttpRequest, admission: Admission) -> None:
    """Sign the person in, under a new session key, and keep what the portal needs of the launch.

    Somebody else's session in this browser is dropped, never merged. Whoever is signed in already goes on with the
    CSRF token there is: signing in anew would change it under a quiz that is open in another tab.
    """
    if request.user == admission.user:
        request.session.cycle_key()
        update_last_login(type(admission.user), admission.user)
    else:
        sign_in(request, admission.user, backend=BACKEND)
    request.session["launch"] = {
        "registration": admission.registration.pk,
        "platform": admission.registration.name,
        "origins": admission.origins,
        "framed": is_framed(request),
        "role": "teacher" if admission.teacher else "learner",
        "activity": admission.item,
        "context": admission.context_id,
        "resource_link": admission.resource_link_id,
        "return_url": admission.return_url,
        "language": admission.language,
    }
    if admission.change_url:
        request.session["launch"]["change_url"] = admission.change_url
    request.session.set_expiry(int(SESSION_LENGTH.total_seconds()))
