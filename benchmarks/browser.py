"""A very small browser: cookies, forms, and a wire that is a real connection or Django itself.

Standard HTTP clients take as long as a small view; here a request is one send and one or two reads.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

LONGEST_CONNECTION = 1.0  # seconds; new connections spread over the server's processes
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 30.0


class Unexpected(Exception):
    """An answer that does not belong here."""


@dataclass(frozen=True)
class Reply:
    """One answer; header names in lower case, cookies by name ("" for a deleted one)."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes


class Wire(Protocol):
    """What carries a request to the portal."""

    def ready(self) -> None:
        """Do what is not to be measured."""

    def close(self) -> None:
        """Let go of what it holds."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the answer. Raises OSError when there is none."""


class Connection:
    """A keep-alive connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._opened = 0.0
        self._rest = b""

    def ready(self) -> None:
        """Have an open connection, a new one every second."""
        if self._socket is None or time.monotonic() - self._opened > LONGEST_CONNECTION:
            self.close()
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._opened = time.monotonic()

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._rest = None, b""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the answer. Raises OSError; the next request then has a new connection."""
        self.ready()
        assert self._socket is not None
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        try:
            self._socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
            return self._read()
        except (OSError, Unexpected):
            self.close()
            raise

    def _read(self) -> Reply:
        head = self._until(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers, cookies = {}, {}
        for line in lines:
            name, _colon, value = line.partition(":")
            if name.lower() == "set-cookie":
                cookie, _equals, content = value.strip().partition(";")[0].partition("=")
                cookies[cookie] = content.strip('"')
            else:
                headers[name.lower()] = value.strip()
        if "content-length" not in headers:
            raise Unexpected(f"an answer without a length: {first}")
        body = self._exactly(int(headers["content-length"]))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(int(first.split()[1]), headers, cookies, body)

    def _until(self, end: bytes) -> bytes:
        while end not in self._rest:
            self._more()
        found, _end, self._rest = self._rest.partition(end)
        return found

    def _exactly(self, size: int) -> bytes:
        while len(self._rest) < size:
            self._more()
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def _more(self) -> None:
        assert self._socket is not None
        piece = self._socket.recv(262144)
        if not piece:
            raise ConnectionResetError("the server hung up")
        self._rest += piece


@dataclass
class Browser:
    """One visitor's browser, in the frame of a learning platform."""

    wire: Wire
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "lt"
    token: str = ""
    shown_in: str = "iframe"  # or "document", outside of any frame

    def get(self, path: str, expect: int = 200) -> Reply:
        """Open a page."""
        return self._send("GET", path, b"", "", expect)

    def post(self, path: str, fields: Mapping[str, str], expect: int = 302) -> Reply:
        """Send a form, with this session's CSRF token."""
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token} if self.token else fields)
        return self._send("POST", path, body.encode(), "application/x-www-form-urlencoded", expect)

    def post_json(self, path: str, document: object, expect: int = 200) -> Reply:
        """Send JSON as the portal's scripts do."""
        return self._send("POST", path, json.dumps(document).encode(), "application/json", expect)

    def take_token(self, reply: Reply) -> None:
        """Keep the CSRF token of a page's form."""
        found = CSRF.search(reply.body)
        if found is None:
            raise Unexpected("a page without a CSRF token")
        self.token = found[1].decode()

    def _send(self, method: str, path: str, body: bytes, kind: str, expect: int) -> Reply:
        headers = {
            "Accept-Language": self.language,
            "Sec-Fetch-Dest": self.shown_in,
            "User-Agent": "Kelrodis bench",
        }
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            headers |= {"Content-Type": kind, "Content-Length": str(len(body)), "X-CSRFToken": self.token}
        reply = self.wire.send(method, path, headers, body)
        for name, value in reply.cookies.items():
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        if reply.status != expect:
            raise Unexpected(f"{method} {path}: {reply.status}, expected {expect}: {reply.body[:300]!r}")
        return reply
