"""Public pages for people of whom we know nothing, kept for a minute and made anew after every change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.request import split_domain_port

from portal.conf import conf
from portal.content.freshness import STAMP, new_stamp

GetResponse = Callable[[HttpRequest], HttpResponse]
SECONDS = 60
ROUTE = "wagtail_serve"  # pages only: what people do is never kept
OURS = "kelrodis"  # how the names of our own cookies begin


@dataclass(frozen=True)
class Copy:
    """A page as it was answered."""

    stamp: str
    etag: str
    headers: dict[str, str]
    body: bytes


class PageCacheMiddleware:
    """Answers from a copy, before sessions and pages are looked at.

    Only a GET or HEAD without a query, by somebody without a cookie of ours, to a page that answered 200,
    set no cookie and forbade nobody to keep it. So nothing personal can be in a copy.
    """

    def __init__(self, get_response: GetResponse) -> None:
        if not conf.PAGE_CACHE:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.personal = {settings.SESSION_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from a copy, or make the page and keep one."""
        host = host_of(request) if self.is_public(request) else None
        if host is None:
            return self.get_response(request)
        address = f"{request.scheme}://{host}{request.path}"
        key = f"page-{hashlib.sha256(address.encode()).hexdigest()}"
        found = cache.get_many([STAMP, key])
        stamp, copy = found.get(STAMP), found.get(key)
        if copy is not None and copy.stamp == stamp:
            return answer(request, copy)
        stamp = stamp or new_stamp()
        response = self.get_response(request)
        if may_be_kept(request, response):
            etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            response["ETag"] = etag
            response["Cache-Control"] = "no-cache"  # a browser asks each time, and mostly hears 304
            cache.set(key, Copy(stamp, etag, dict(response.items()), response.content), SECONDS)
        return response

    def is_public(self, request: HttpRequest) -> bool:
        """Whether the answer can only depend on the address."""
        if request.method not in {"GET", "HEAD"} or request.META.get("QUERY_STRING"):
            return False
        return not any(name in self.personal or name.startswith(OURS) for name in request.COOKIES)


def host_of(request: HttpRequest) -> str | None:
    """Return the host of ours that is asked, None for any other spelling of it.

    Whoever asks writes the host's line: each name a pattern of ALLOWED_HOSTS lets in, and each port
    (``localhost:01``), would be one more copy of every page.
    """
    name, port = split_domain_port(request.get_host())
    if name not in {host.lower() for host in settings.ALLOWED_HOSTS}:
        return None
    usual = "443" if request.is_secure() else "80"
    if port in {"", usual}:
        return name
    return f"{name}:{port}" if port == str(urlsplit(conf.SITE_URL).port) else None


def answer(request: HttpRequest, copy: Copy) -> HttpResponse:
    """Return the copy as an answer, or 304 where the browser has the same."""
    request.kept_route = ROUTE  # type: ignore[attr-defined]  # for the log: no address was resolved
    if copy.etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": copy.etag})
    return HttpResponse(copy.body, headers=copy.headers)


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer is a public page, the same for everybody."""
    match = request.resolver_match
    return bool(
        match
        and match.url_name == ROUTE
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Cache-Control")
    )
