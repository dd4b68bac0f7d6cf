"""Serving uploaded files where no web server does it, so that none of them can act as a page."""

from __future__ import annotations

import posixpath
from mimetypes import guess_type

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.static import serve as static_serve

GUARDED = {"documents"}  # Wagtail's documents may be private: they are served at /documents/ only
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the file; an SVG opened by itself runs no script and reaches nothing."""
    if posixpath.normpath(f"/{path}").lstrip("/").partition("/")[0] in GUARDED:
        raise Http404
    response = _from_bucket(path) if settings.MEDIA_IN_BUCKET else _from_folder(request, path)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=86400"
    return response


def _from_folder(request: HttpRequest, path: str) -> HttpResponseBase:
    return static_serve(request, path, document_root=settings.MEDIA_ROOT)


def _from_bucket(path: str) -> HttpResponseBase:
    """Hand a file on from where all machines find it. Raises Http404."""
    try:
        file = default_storage.open(posixpath.normpath(f"/{path}").lstrip("/"))
    except (FileNotFoundError, SuspiciousOperation) as error:
        raise Http404 from error
    return FileResponse(file, content_type=guess_type(path)[0] or "application/octet-stream")
