"""Support codes, framing and the cookies of launched sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER, SELF
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import LocalePrefixPattern, get_resolver
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from portal.logs import support_code

GetResponse = Callable[[HttpRequest], HttpResponse]
WAGTAIL_POLICY = {"script-src": ["'unsafe-inline'"], "style-src": ["'unsafe-inline'"], "img-src": ["blob:"]}
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class SupportCodeMiddleware:
    """Gives each request a short code that stands on error pages and in every line of the log."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach ``request.support_code``, eight characters that are hard to confuse."""
        code = "".join(secrets.choice(ALPHABET) for _ in range(8))
        request.support_code = f"{code[:4]}-{code[4:]}"  # type: ignore[attr-defined]
        mark = support_code.set(request.support_code)  # type: ignore[attr-defined]
        try:
            return self.get_response(request)
        finally:
            support_code.reset(mark)


class FramingMiddleware:
    """Says who may show a page in a frame.

    The origins of the launching platform during a launch, ourselves for Wagtail and its previews,
    nobody otherwise. Wagtail's own pages need inline styles and scripts; ours never do.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with ``frame-ancestors`` written for this one response."""
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            let_admin_frame(response)
        elif not hasattr(response, "_csp_replace") and (origins := launching_origins(request)):
            response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
            del response["X-Frame-Options"]
        return response


def let_admin_frame(response: HttpResponse) -> None:
    """Let Wagtail show the answer in its own frames.

    A preview is a page of ours, made by a request within this one, and comes with the policy of our
    pages: it keeps it, but for the frame.
    """
    if HEADER in response:
        del response[HEADER]
    else:
        response._csp_update = WAGTAIL_POLICY  # type: ignore[attr-defined]
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    response["X-Frame-Options"] = "SAMEORIGIN"


def launching_origins(request: HttpRequest) -> list[str]:
    """Return the origins of the platform whose launch this session belongs to, or none."""
    launch = _launch_of(request)
    return list(launch["origins"]) if launch and launch.get("framed") else []


class LaunchedSessionMiddleware(SessionMiddleware):
    """Django's sessions, with cookies that also work inside another site's frame.

    A session that began in a cross-site frame has a cookie that is None, Secure and Partitioned
    (CHIPS), for every other the settings hold. Python's cookies know no Partitioned before 3.14,
    so the mark is appended when the header is written.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Write the session's cookie and adapt it to a launch in a frame."""
        if "Cache-Control" not in response and _is_personal(request):
            response["Cache-Control"] = "private, no-cache"
        response = super().process_response(request, response)
        name = settings.SESSION_COOKIE_NAME
        if name in response.cookies and (launch := _launch_of(request)) and launch.get("framed"):
            partition(response, name)
        return response


def _is_personal(request: HttpRequest) -> bool:
    """Whether somebody is signed in; does not touch the session of somebody who has none."""
    session = getattr(request, "session", None)
    return bool(
        session is not None and (session.session_key or session.modified) and session.get(SESSION_KEY)
    )


def _launch_of(request: HttpRequest) -> dict[str, Any] | None:
    """Return the session's launch; does not touch the session of somebody who has none."""
    session = getattr(request, "session", None)
    if session is None or not (session.session_key or session.modified):
        return None
    try:
        launch: dict[str, Any] | None = session.get("launch")
    except DatabaseError:  # an error page is on its way; it must not fail for want of the session
        return None
    return launch


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice of language, which leads /kursai/ on to /lt/kursai/.

    It would do so with everything that is not found. But a file, a launch or a staff screen has no
    language: a client that asked for one in vain is told so, and not sent to look among the pages.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Name the language; lead on only where a page may stand."""
        first = request.path_info.lstrip("/").partition("/")[0]
        if response.status_code != 404 or first not in areas_without_language():
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        return response


def areas_without_language() -> set[str]:
    """Return the first words of the addresses that have no language's prefix (admin, media, lti …)."""
    patterns = [
        p.pattern for p in get_resolver().url_patterns if not isinstance(p.pattern, LocalePrefixPattern)
    ]
    return {str(pattern).partition("/")[0] for pattern in patterns} - {""} | {settings.STATIC_URL.strip("/")}


def partition(response: HttpResponse, name: str) -> None:
    """Mark the cookie ``name`` of ``response`` as SameSite=None, Secure and Partitioned.

    Source: CHIPS (draft-cutler-httpbis-partitioned-cookies).
    """
    morsel: Any = response.cookies[name]
    morsel["samesite"] = "None"
    morsel["secure"] = True
    if morsel.isReservedKey("partitioned"):
        morsel["partitioned"] = True
    else:
        morsel["path"] = "/; Partitioned"  # the one attribute that is written as it stands


class MovedPagesMiddleware(RedirectMiddleware):
    """Leads from a former address to the present one, by Wagtail's redirects.

    Also from an address without a language, such as a library had before it had this portal: this stands nearer to
    the views than ``LanguageMiddleware``, and so comes before it. Only pages move: whatever else is not found costs
    no more look-ups than what is found.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Look for a redirect where a page was not found."""
        if response.status_code != 404 or not _may_be_a_page(request):
            return response
        answer: HttpResponseBase = super().process_response(request, response)
        return answer


def _may_be_a_page(request: HttpRequest) -> bool:
    """Whether a page could have stood at the address: below a language, or where nothing of ours is."""
    match = request.resolver_match
    if match is not None:
        return match.url_name == "wagtail_serve"
    return request.path_info.lstrip("/").partition("/")[0] not in areas_without_language()
