"""The portal's addresses, and views that do nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import handler400, handler403, handler404, handler500
from portal.urls import urlpatterns as portal_patterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing, through the portal's middleware."""
    return HttpResponse()


def empty_session(request: HttpRequest) -> HttpResponse:
    """Answer with nothing, having looked who is signed in."""
    return HttpResponse(status=200 if request.user.is_authenticated else 403)


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/session/", empty_session),
    *portal_patterns,
]
