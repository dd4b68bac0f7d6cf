"""Dynamic registration: the platform opens our invitation's address in its frame, we register and say how it went.

The protocol has the calls to the platform made in this very request: ``lti.flows.registering`` bounds them.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from lti import moodle
from lti.flows import registering
from lti.flows.addresses import origin
from lti.flows.configurations import NotRegistered, PlatformSilent
from lti.flows.invitations import InvitationNotValid
from lti.flows.registering import AlreadyConnected
from lti.views.refusals import Words

logger = logging.getLogger("kelrodis.lti")


@never_cache
@require_GET
def register(request: HttpRequest, token: str) -> HttpResponse:
    """Register with the platform that opens this address, and answer a page that its frame shows."""
    asked = request.GET.get("openid_configuration", "")
    try:
        registration = registering.register(
            token=token, configuration_url=asked, registration_token=request.GET.get("registration_token", "")
        )
    except (InvitationNotValid, NotRegistered) as problem:
        return _refuse(request, problem, asked)
    context = {"registration": registration, "back": origin(registration.issuer)}
    return _framed(render(request, "lti/registered.html", context), registration.issuer)


def _refuse(request: HttpRequest, problem: Exception, asked: str) -> HttpResponse:
    reason = problem.reason if isinstance(problem, NotRegistered) else "invitation_not_valid"
    code = getattr(request, "support_code", "")
    logger.warning("registration refused: %s, support code %s", reason, code)
    status = 403 if isinstance(problem, InvitationNotValid) else 400
    context = {"words": words(problem), "support_code": code, "status": status}
    return _framed(render(request, "lti/refused.html", context, status=status), asked)


def _framed(response: HttpResponse, platform_url: str) -> HttpResponse:
    """Let the platform's pages frame the answer, on which nothing can be decided.

    ``platform_url`` may be anybody's word, so only its origin, which is nothing but scheme, host and port, is used.
    """
    response._csp_replace = {"frame-ancestors": [origin(platform_url) or "'none'"]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    response["Referrer-Policy"] = "no-referrer"
    return response


def words(problem: Exception) -> Words:
    """Return what to say to the platform's administrator, who has the invitation's address."""
    if isinstance(problem, InvitationNotValid):
        return Words(
            _("This invitation cannot be used"),
            _("An invitation works once and for some days only."),
            _(
                "Ask the portal's administrator for a new one, and paste its whole address into your platform."
            ),
        )
    if getattr(problem, "reason", "") == "no_configuration_address":
        return Words(
            _("This address is for your learning platform"),
            _("It was opened in a browser. Nothing has happened, and the invitation can still be used."),
            str(moodle.said(_("In Moodle: {place}. Paste the address there."), place=moodle.TOOLS)),
        )
    title = _("The platform has not been connected")
    if isinstance(problem, PlatformSilent):
        return Words(title, *_silent())
    return Words(title, *(_connected_already() if isinstance(problem, AlreadyConnected) else _not_trusted()))


def _silent() -> tuple[str, str]:
    return (
        _("Your learning platform did not give us an answer that can be used."),
        _(
            "It must be reachable from our server over https. If it stands in a private network, the portal's "
            "administrator can make an invitation that allows it. The invitation can be used again; the portal's "
            "administrator sees there what went wrong."
        ),
    )


def _connected_already() -> tuple[str, str]:
    return (
        _("Your learning platform answered with the client ID of a connection that exists already."),
        _("Nothing of it has been changed. Add us as a new tool, or let the existing connection be."),
    )


def _not_trusted() -> tuple[str, str]:
    return (
        _("What your learning platform says of itself does not fit together."),
        _(
            "Its issuer and all its addresses must be on the host that we were sent to. A platform that is spread "
            "over several hosts can be connected by hand. The portal's administrator sees what was wrong."
        ),
    )
