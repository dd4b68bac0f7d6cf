"""A launch that went through where no cookie lives: its page in the frame, and the new tab it goes on in."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

from lti.flows import tickets
from lti.flows.errors import NotTrusted, Refused
from lti.flows.launch import Admission
from lti.flows.privacy import PrivacyAdmission
from lti.views.admitting import begin, facts_of
from lti.views.framing import is_from_our_page, let_platform_frame
from lti.views.reading import read
from lti.views.refusals import refuse


def offer(request: HttpRequest, admission: Admission | PrivacyAdmission) -> HttpResponse:
    """Show the button that opens the activity, or the page, in a new tab, in the launch's language."""
    facts = facts_of(admission)
    ticket = tickets.issue(
        user=admission.user, registration=admission.registration, facts=facts, url=admission.url
    )
    context = {"ticket": ticket, "activity": isinstance(admission, Admission)}
    with translation.override(facts["language"]):
        response = render(request, "lti/ticket.html", context)
    response["Content-Language"] = facts["language"]
    let_platform_frame(response, admission.registration)
    add_never_cache_headers(response)
    return response


@csrf_exempt  # no cookie lives where it comes from; that a page of ours sent it is checked instead
def enter(request: HttpRequest) -> HttpResponse:
    """Let the holder of a ticket in, in the tab they opened, or say why not.

    A link, a mail or another site's page cannot: nobody is signed in as somebody else without their knowing.
    """
    try:
        form = read(request)
        if not is_from_our_page(request):
            raise NotTrusted("ticket_not_from_our_page")
        row = tickets.redeem(ticket=form.get("ticket", ""))
    except Refused as refusal:
        return refuse(request, refusal)
    with transaction.atomic():
        begin(request, row.user, row.facts)
    response = HttpResponseRedirect(row.url)
    add_never_cache_headers(response)
    return response
