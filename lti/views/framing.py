"""Frames: whether the browser shows us in one, who may, cookies that live there, and whether a page of ours asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from lti_tool.models import LtiRegistration

from lti.flows.addresses import framing_origins, is_ours
from portal.middleware import partition

FRAMES = {"iframe", "frame", "embed", "object", "fencedframe"}
MARKER = "kelrodis_frame"
WEEK = 7 * 24 * 3600


def is_framed(request: HttpRequest) -> bool:
    """Tell whether the answer goes into a frame (Fetch Metadata); yes where the browser does not say.

    A browser that knows no Fetch Metadata knows no Partitioned either and ignores it.
    """
    destination = request.headers.get("Sec-Fetch-Dest")
    return destination is None or destination in FRAMES


def is_from_our_page(request: HttpRequest) -> bool:
    """Tell whether a page of ours, and no other site's, sent this POST (Fetch standard: Origin; Fetch Metadata).

    Stands in for a CSRF token where no cookie lives. A browser that names no origin is not believed.
    """
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and is_ours(request.headers.get("Origin", ""))


def cookie_name(state: str) -> str:
    """Return the name of the value that binds a launch to the browser; each launch has its own."""
    return f"kelrodis_lti_{state[:16]}"


def keep_cookie(request: HttpRequest, response: HttpResponse, name: str, value: str, *, seconds: int) -> None:
    """Set a cookie that comes back with the platform's message, which is a POST from another site.

    So it is SameSite=None, in a frame Partitioned as well; Lax would not come back.
    """
    response.set_cookie(name, value, max_age=seconds, secure=True, httponly=True, samesite="None")
    if is_framed(request):
        partition(response, name)


def drop_cookie(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Delete a cookie of ``keep_cookie``: the same attributes, or the browser takes it for another one."""
    response.delete_cookie(name, samesite="None")
    response.cookies[name]["secure"] = True
    if is_framed(request):
        partition(response, name)


def let_platform_frame(response: HttpResponse, registration: LtiRegistration) -> None:
    """Let the platform's pages, and nobody else's, show this one answer in a frame."""
    origins = framing_origins(registration)
    response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
