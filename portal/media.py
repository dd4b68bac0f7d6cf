"""Serving uploaded files where no web server does it, so that none of them can act as a page."""

from __future__ import annotations

import posixpath
from mimetypes import guess_type
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve as static_serve

from portal import ranges
from portal.conf import conf
from portal.content.models import Recording
from portal.content.serving import accepts

# What may be private is given out elsewhere, after asking: Wagtail's documents at /documents/, recordings and their
# captions at /recordings/. A web server before the portal must not serve these folders either.
GUARDED = {"documents", "media", "media_thumbnails", "captions"}
LONGEST = 255  # bytes of a path; no field that names a file holds more
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the file; an SVG opened by itself runs no script and reaches nothing."""
    if (
        "\x00" in path or len(path.encode()) > LONGEST
    ):  # no file can be called so, and asking for it is an error
        raise Http404
    if posixpath.normpath(f"/{path}").lstrip("/").partition("/")[0] in GUARDED:
        raise Http404
    response = _from_bucket(path) if conf.MEDIA_IN_BUCKET else _from_folder(request, path)
    response["Cache-Control"] = "public, max-age=86400"
    return harmless(response)


def harmless(response: HttpResponseBase) -> HttpResponseBase:
    """Forbid the answer to do anything as a page."""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
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


@require_safe
def recording(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give out a recording, whole or in parts, to whom its collection is open. To others it does not exist."""
    found = _open_to(request, uuid)
    return _given(request, found.file, found.content_type, f'"{found.uuid.hex}-{found.file_size or 0}"')


@require_safe
def recording_captions(request: HttpRequest, uuid: UUID, language: str) -> HttpResponseBase:
    """Give out the captions of a recording in ``language``."""
    captions = _open_to(request, uuid).captions(language) if language in dict(settings.LANGUAGES) else None
    if not captions:
        raise Http404
    with default_storage.open(captions.name) as file:
        text = file.read()
    return harmless(HttpResponse(text, content_type="text/vtt; charset=utf-8"))


def _open_to(request: HttpRequest, uuid: UUID) -> Recording:
    """Return the recording if the visitor meets every restriction on its collection. Raises Http404."""
    found = Recording.objects.select_related("collection").filter(uuid=uuid).first()
    if found is None:
        raise Http404
    if not all(accepts(rule, request) for rule in found.collection.get_view_restrictions()):
        raise Http404
    return found


def _given(request: HttpRequest, file: Any, content_type: str, etag: str) -> HttpResponseBase:
    """Answer with a file of the media, in parts where the player asks for them."""
    try:
        opened = default_storage.open(file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    return harmless(ranges.answer(request, opened, size=file.size, content_type=content_type, etag=etag))
