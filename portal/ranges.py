"""Giving out a part of a file, as players ask for it (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

ONE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)
CHUNK = 64 * 1024


class Unsatisfiable(Exception):
    """The range begins beyond the end of the file."""


def answer(
    request: HttpRequest, file: IO[bytes], *, size: int, content_type: str, etag: str
) -> HttpResponseBase:
    """Answer a GET or HEAD with ``file`` (``size`` bytes), or the one range of it that was asked for.

    Several ranges at once, and those that cannot be read, are answered with the whole file, as the standard allows;
    a range for another version of the file (If-Range) is, too. The file is closed when it has been sent.
    """
    try:
        part = _range_of(request, size, etag)
    except Unsatisfiable:
        file.close()
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        )
    start, end = part or (0, size - 1)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - start + 1), "ETag": etag}
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    status = 200 if part is None else 206
    if request.method == "HEAD":
        file.close()
        return HttpResponse(status=status, headers=headers, content_type=content_type)
    return StreamingHttpResponse(
        _read(file, start, end - start + 1), status=status, headers=headers, content_type=content_type
    )


def _range_of(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """Return the first and the last byte that are asked for, None for all. Raises Unsatisfiable."""
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = (int(number[:20]) if number else None for number in asked.groups())
    if first is None:
        if last is None:
            return None
        if not last or not size:
            raise Unsatisfiable
        return max(size - last, 0), size - 1
    if last is not None and last < first:
        return None  # not a range at all
    if first >= size:
        raise Unsatisfiable
    return first, min(last, size - 1) if last is not None else size - 1


def _read(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    """Yield ``length`` bytes from ``start``, then close the file."""
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
