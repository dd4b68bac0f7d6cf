"""Serving uploaded files where no web server does it, so that none of them can act as a page."""

from __future__ import annotations

import posixpath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.static import serve as static_serve

from portal import ranges
from portal.content.models import Recording

# What may be private is given out elsewhere, after asking: Wagtail's documents at /documents/, recordings and their
# captions at /recordings/. A web server before the portal must not serve these folders either.
GUARDED = {"documents", "media", "media_thumbnails", "captions"}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with the file; an SVG opened by itself runs no script and reaches nothing."""
    if posixpath.normpath(f"/{path}").lstrip("/").partition("/")[0] in GUARDED:
        raise Http404
    response = static_serve(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=86400"
    return harmless(response)


def harmless(response: HttpResponseBase) -> HttpResponseBase:
    """Forbid the answer to do anything as a page."""
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def recording(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Give out a recording, whole or in parts, to whom its collection is open. To others it does not exist."""
    found = _open_to(request, uuid)
    try:
        found.file.path  # noqa: B018 (a store elsewhere has no paths, and gives its files out itself)
    except NotImplementedError:
        return redirect(found.file.url)
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
    if not all(rule.accept_request(request) for rule in found.collection.get_view_restrictions()):
        raise Http404
    return found


def _given(request: HttpRequest, file: Any, content_type: str, etag: str) -> HttpResponseBase:
    """Answer with a file of the media, in parts where the player asks for them."""
    try:
        opened = default_storage.open(file.name)
    except FileNotFoundError as error:
        raise Http404 from error
    return harmless(ranges.answer(request, opened, size=file.size, content_type=content_type, etag=etag))
