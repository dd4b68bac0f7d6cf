"""Error pages: what happened, what was kept, the way out, and a code for whoever is asked to help."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.views import LoginView
from csp.constants import NONE
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

from lti.reports import framing_origins_of_all
from portal.conf import conf
from portal.content.reports import Hit, found_pages, hits
from portal.directory import gate

logger = logging.getLogger("kelrodis.errors")


def _page(request: HttpRequest, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    code = getattr(request, "support_code", "")
    logger.warning("error page %s, support code %s, %s", status, code, _route(request))
    context = {"title": title, "text": text, "support_code": code, "status": status, **more}
    return render(request, "errors/page.html", context, status=status)


def _route(request: HttpRequest) -> str:
    """Return the pattern of the address: the address may hold a certificate's code, or what somebody made up."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "no route"


def _bare_page(request: HttpRequest, status: int, words: Callable[[], tuple[str, str]]) -> HttpResponse:
    """Answer in both languages without asking database, session or host, any of which may be what failed."""
    code = getattr(request, "support_code", "")
    logger.warning("error page %s, support code %s, %s", status, code, _route(request))
    language = get_language_from_request(request, check_path=True)
    other = "lt" if language == "en" else "en"
    with override(other):
        other_title, other_text = words()
    with override(language):
        title, text = words()
        context = {
            **{"status": status, "support_code": code, "language": language, "title": title, "text": text},
            **{"other_language": other, "other_title": other_title, "other_text": other_text},
            "portal": settings.WAGTAIL_SITE_NAME,
            "sheets": [_sheet("kelrodis/fonts.css"), _sheet("kelrodis/kelrodis.css")],
        }
        page = render_to_string("errors/bare.html", context)
    return HttpResponse(page, status=status, headers={"Content-Language": language})


def _sheet(name: str) -> str:
    """Return a style sheet's address, also when the list of collected files cannot be read."""
    try:
        return static(name)
    except (ValueError, OSError):
        return f"{settings.STATIC_URL}{name}"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read; perhaps not even the host it asked."""
    return _bare_page(
        request,
        400,
        lambda: (
            _("This request could not be read"),
            _("Nothing was changed. Go back and try once more."),
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is for somebody else."""
    return _page(
        request,
        403,
        _("You cannot open this page"),
        _("Your role does not include it. If you think it should, ask your library's coordinator."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is no such page, or not for this person; name pages the address may have meant."""
    return _page(
        request,
        404,
        _("There is no such page"),
        _("It may have moved, or the link was cut short. Start again from the home page."),
        suggestions=_meant(request),
    )


def _meant(request: HttpRequest) -> list[Hit]:
    """Return up to three pages that the words at the end of a page's address lead to.

    Other addresses hold codes, not words; and what is looked for by a code must cost the same whether it is there.
    """
    match = request.resolver_match
    if match is None or match.url_name != "wagtail_serve" or is_in_frame(request):
        return []
    last = request.path.rstrip("/").rpartition("/")[2]
    words = " ".join(word for word in last.split("-") if len(word) > 2)  # not the number of a namesake
    language = get_language_from_request(request, check_path=True)
    return hits(found_pages(question=words, language=language, user=request.user, every_word=True)[:3])


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old, or came from elsewhere; to an autosave, in words it can show."""
    if request.content_type == "application/json":
        return JsonResponse({"problem": session_ended_text()}, status=403)
    if is_in_frame(request):
        return session_ended(request)
    match = request.resolver_match
    if request.user.is_authenticated and match is not None and match.url_name == "account_login":
        return _lead_on(request)  # signed in meanwhile, in another tab
    return _page(
        request,
        403,
        _("The form could not be accepted"),
        _(
            "It had been open for too long, or was sent from another site. What was saved before is kept: "
            "go back, reload the page and send it again."
        ),
    )


def _lead_on(request: HttpRequest) -> HttpResponse:
    """Lead to where somebody wanted to go after signing in, if that is here."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if wanted.startswith("/") and is_ours else "learning")


def session_ended_text() -> str:
    """Return what somebody whose session ended may do."""
    return _(
        "Your session has ended. Open the activity again in your learning platform, or sign in again; "
        "saved answers are kept."
    )


def is_in_frame(request: HttpRequest) -> bool:
    """Whether the answer goes into a frame (Fetch Metadata)."""
    return request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame"}


def session_ended(request: HttpRequest) -> HttpResponse:
    """Say in a platform's frame that the session ended: nobody can sign in there, only launch again.

    The page holds nothing personal, so every connected platform may show it.
    """
    response = _page(request, 403, _("Your session has ended"), session_ended_text())
    response._csp_replace = {"frame-ancestors": framing_origins_of_all() or [NONE]}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    return response


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Show the sign-in form; in a platform's frame say how to come back instead."""
    if request.method == "GET" and is_in_frame(request):
        return session_ended(request)
    sign_on = conf.OIDC["name"] if conf.OIDC["issuer"] else ""
    context = {"sign_up_open": conf.SIGN_UP_OPEN, "sign_on": sign_on}
    return LoginView.as_view(extra_context=context)(request)


def inactive(request: HttpRequest) -> HttpResponse:
    """Say that the account has been closed."""
    return _page(
        request,
        403,
        _("This account is closed"),
        _("Write to the library that opened it if this is a mistake."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that something was tried too often: signing in, signing up, asking for letters."""
    return _page(
        request,
        429,
        _("Too many attempts"),
        _("Wait ten minutes and try again. This guards accounts against guessing; nothing of yours is lost."),
    )


def _next_of(request: HttpRequest) -> str:
    """Return where the visitor was going, if it is a place of ours."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, request.get_host(), request.is_secure())
    return wanted if safe else "/"


def sign_in_or_refuse(request: HttpRequest) -> HttpResponse:
    """Lead a visitor to the one sign-in there is; tell somebody signed in that this is not for them.

    Wagtail sends here whoever may not see a page or its admin. Sent on to signing in, somebody who
    is signed in would be sent straight back, for ever. Staff who have yet to pass the second factor pass it first.
    """
    if request.user.is_authenticated and gate.must_pass(request, request.user):
        return redirect(gate.way_to_pass(request.user, _next_of(request)))
    if request.user.is_authenticated:
        return forbidden(request)
    query = request.GET.urlencode()
    return redirect(f"{reverse('account_login')}{'?' if query else ''}{query}")


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return _bare_page(
        request,
        500,
        lambda: (
            _("Something went wrong on our side"),
            _(
                "What was saved before is kept. Try again in a minute; if it happens again, tell us the code "
                "below."
            ),
        ),
    )
