"""The launch: the platform's message arrives, the person comes in."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from lti_tool.models import LtiRegistration

from lti.flows import launch as flow
from lti.flows.errors import PlatformRefused, Refused
from lti.flows.text import code
from lti.views import storage, tickets
from lti.views.admitting import begin, facts_of
from lti.views.framing import cookie_name, drop_cookie
from lti.views.reading import read
from lti.views.refusals import refuse


@csrf_exempt  # the state, bound to this browser by its secret, does what a CSRF token would
def launch(request: HttpRequest) -> HttpResponse:
    """Let the person in and lead them to their activity, or say why not.

    Where no cookie lives in the frame, its secret is asked of the platform first, and the activity opens in a new tab.
    """
    registration: LtiRegistration | None = None
    try:
        form = read(request)
        row = flow.begun(state=form.get("state", ""))
        registration = row.registration
        if storage.must_ask(request, row, form):
            return storage.ask(request, row, form)
        binding = storage.binding_of(request, row, form)
        if "error" in form:
            if not row.storage_target:  # such a browser proves nothing yet; nor does the answer do anything
                flow.check_browser(row=row, binding=binding)
            raise PlatformRefused(f"platform_error_{code(form['error'])}")
        admission = flow.complete(row=row, binding=binding, token=form.get("id_token", ""))
    except Refused as refusal:
        return refuse(request, refusal, registration)
    if row.storage_target:
        return tickets.offer(request, admission)
    with transaction.atomic():  # the session's several writes are one
        begin(request, admission.user, facts_of(admission))
    response = HttpResponseRedirect(admission.url)
    drop_cookie(request, response, cookie_name(row.state))
    add_never_cache_headers(response)
    return response
