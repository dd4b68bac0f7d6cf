"""The one page of a data-privacy launch: what is kept here of a platform's people, how long, and whom to write to."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from lti.flows import privacy
from lti.getters import asked_here
from lti.reports import kept, leaving


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show it; of the person asked about with numbers, and with what may be done."""
    case = asked_here(request)
    found = kept.kept_of(case.registration, case.about) if case.about else None
    context = {
        "case": case,
        "kept": found,
        "mine": bool(found and found.whole and case.is_signed_in),
        "kinds": kept.kinds(),
        "shorter": kept.shorter(),
        "term": leaving.term_of(case.registration),
    }
    return render(request, "lti/privacy.html", context)


@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """Pass on that the person is to be erased; the portal's administrators decide."""
    case = asked_here(request)
    if not case.about:
        raise Http404
    try:
        known = privacy.wish_erasure(registration=case.registration, subject=case.about)
    except privacy.WishedAlready:
        messages.info(request, _("This was asked for already."))
        return redirect("platform_data:page")
    if known:
        passed_on = _(
            "Passed on. The portal's administrators decide about it within a month; nothing is erased yet."
        )
        messages.success(request, passed_on)
    else:
        messages.info(request, _("There is no account to erase."))
    return redirect("platform_data:page")
