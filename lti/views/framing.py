"""Frames: whether the browser shows us in one, who may, and cookies that live there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from lti_tool.models import LtiRegistration

from lti.flows.addresses import framing_origins
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
