"""Serving uploaded files where no web server does it, so that none of them can act as a page."""

from __future__ import annotations

import posixpath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve as static_serve

GUARDED = {"documents"}  # Wagtail's documents may be private: they are served at /documents/ only
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the file; an SVG opened by itself runs no script and reaches nothing."""
    if posixpath.normpath(f"/{path}").lstrip("/").partition("/")[0] in GUARDED:
        raise Http404
    response = static_serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=86400"
    return response
