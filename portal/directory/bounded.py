"""Calls to the provider of single sign-on: bounded in time and size, without redirects, encrypted.

They happen only while somebody signs in by it, who waits for the answer: at most ``TOTAL`` seconds.
"""

from __future__ import annotations

import time
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import requests

from portal.conf import conf

CONNECT, READ, TOTAL = 3.0, 5.0, 10.0  # seconds
LARGEST = 1_000_000  # bytes of an answer, unpacked
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NoAnswer(requests.RequestException):
    """There is no answer to use; the message is short and holds nothing secret."""


def is_permitted(url: Any) -> bool:
    """Whether a provider may be at this address: HTTPS; on this machine also HTTP, but for production."""
    try:
        parts = urlsplit(url) if isinstance(url, str) else None
    except ValueError:
        return False
    if parts is None or not parts.hostname or "@" in parts.netloc:
        return False
    trial = conf.ENVIRONMENT != "production" and parts.hostname in LOOPBACK
    return parts.scheme == "https" or (parts.scheme == "http" and trial)


class BoundedSession(requests.Session):
    """A session whose every call is bounded."""

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """Make one call. Raises RequestException, of which NoAnswer is one."""
        if not is_permitted(url):
            raise NoAnswer("address refused")
        end = time.monotonic() + TOTAL
        kwargs |= {"timeout": (CONNECT, READ), "allow_redirects": False, "stream": True}
        response = super().request(method, url, *args, **kwargs)
        with closing(response):
            response._content = _body(response, end)  # what ``content`` and ``json`` read
        return response


def _body(response: requests.Response, end: float) -> bytes:
    """Return the body, read piece by piece as it comes: a drip must not outlast ``end``."""
    body = b""
    while piece := response.raw.read1(65536, decode_content=True):
        body += piece
        if len(body) > LARGEST:
            raise NoAnswer("answer too large")
        if time.monotonic() > end:
            raise NoAnswer("no answer in time")
    return body
