"""The one way out: every call to a platform goes through here.

The host is resolved first, the addresses are checked, and the connection goes to the very address
that was checked, with TLS still verified for the host's name. No redirects, bounded time and size.
Source: OWASP SSRF prevention; ASVS 5.0, 1.3.6.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lti.flows.addresses import origin

CONNECT, READ, TOTAL = 3.0, 10.0, 20.0  # seconds
LARGEST = 2_000_000  # bytes of a body, also after it is unpacked
NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class CallFailed(Exception):
    """There is no answer to use. ``reason`` is short and holds nothing secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body read as JSON, whatever the platform labels it (Moodle: text/html).

        Raises CallFailed when it is not JSON, or holds NaN or infinite numbers.
        """
        try:
            return json.loads(self.body, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            raise CallFailed("not JSON") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def call(
    *,
    method: str,
    url: str,
    private: bool,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    total: float = TOTAL,
) -> Answer:
    """Make one call and return the whole answer, whatever its status.

    ``private`` allows plain HTTP and addresses of private networks. Raises CallFailed.
    """
    deadline = time.monotonic() + total
    parts = urlsplit(url)
    if not origin(url) or (parts.scheme != "https" and not private):
        raise CallFailed("address refused")
    host, secure = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    addresses = _addresses(host, port, patience=min(CONNECT, total))
    if not all(is_permitted(address, private=private, public=secure) for address in addresses):
        raise CallFailed("address refused")  # one spoils them all: a name may not point both ways
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {"Host": origin(url).partition("://")[2], "Connection": "close", "Accept-Encoding": "identity"}
    with _watched(deadline) as watch:
        try:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = _connect(addresses, port, host if secure else None, watch)
            connection.request(
                method, path, body=body, headers={"User-Agent": "Kelrodis", **sent, **(headers or {})}
            )
            with closing(connection.getresponse()) as response:
                return _read(response, watch)
        except (OSError, http.client.HTTPException, ValueError, zlib.error) as error:
            late = watch.expired or isinstance(error, TimeoutError)
            raise CallFailed("no answer in time" if late else f"{type(error).__name__}") from None
        finally:
            watch.close()


def _read(response: http.client.HTTPResponse, watch: _Watch) -> Answer:
    """Read the body piece by piece, never more than LARGEST bytes of it."""
    if (response.length or 0) > LARGEST:
        raise CallFailed("answer too large")
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(65536):
        size += len(piece)
        if size > LARGEST:
            raise CallFailed("answer too large")
        pieces.append(piece)
    if watch.expired:
        raise CallFailed("no answer in time")  # what we cut off looks like an answer that ended
    if response.length:
        raise CallFailed("answer cut short")
    body = b"".join(pieces)
    if response.headers.get("Content-Encoding", "identity").lower() in {"gzip", "deflate"}:
        body = zlib.decompressobj(wbits=47).decompress(body, LARGEST + 1)
        if len(body) > LARGEST:
            raise CallFailed("answer too large")
    return Answer(response.status, _joined(response.headers.items()), body)


def _joined(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by their names in lower case; one that came several times is one list (RFC 9110, 5.3).

    A roster's link to its next page may come so, beside another link.
    """
    headers: dict[str, str] = {}
    for name, value in lines:
        known = headers.get(name.lower())
        headers[name.lower()] = value if known is None else f"{known}, {value}"
    return headers


# The connection --------------------------------------------------------------------------------


class _Watch:
    """Cuts the connection when the time for the whole call is over, however slowly bytes drip in."""

    def __init__(self) -> None:
        self.socket: socket.socket | None = None
        self.expired = False

    def cut(self) -> None:
        self.expired = True
        if self.socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        if self.socket is not None:
            with suppress(OSError):
                self.socket.close()


@contextmanager
def _watched(deadline: float) -> Iterator[_Watch]:
    watch = _Watch()
    timer = threading.Timer(max(deadline - time.monotonic(), 0.01), watch.cut)
    timer.daemon = True
    timer.start()
    try:
        yield watch
    finally:
        timer.cancel()


def _connect(addresses: list[str], port: int, tls_name: str | None, watch: _Watch) -> socket.socket:
    """Return a connection to the first address that takes one, TLS verified for ``tls_name``."""
    failure: OSError = OSError("no address")
    for address in addresses[:3]:
        try:
            plain = watch.socket = socket.create_connection((address, port), timeout=CONNECT)
        except OSError as error:
            failure = error
            continue
        if tls_name is None:
            plain.settimeout(READ)
            return plain
        context = ssl.create_default_context()
        secure = context.wrap_socket(plain, server_hostname=tls_name, do_handshake_on_connect=False)
        watch.socket = secure
        secure.do_handshake()
        secure.settimeout(READ)
        return secure
    raise failure


def _addresses(host: str, port: int, *, patience: float) -> list[str]:
    """Return the host's addresses, or raise CallFailed when none is found within ``patience`` seconds."""
    found: list[str] = []

    def look_up() -> None:
        with suppress(OSError, UnicodeError):
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    asking = threading.Thread(target=look_up, daemon=True)  # getaddrinfo knows no time limit
    asking.start()
    asking.join(patience)
    if not found:
        raise CallFailed("host not found")
    return list(found)


def is_permitted(address: str, *, private: bool, public: bool = True) -> bool:
    """Tell whether we may connect to an IP address.

    Public ones when ``public`` (over TLS), private and loopback ones when ``private``; link-local (where
    clouds keep their metadata service), multicast, unspecified and reserved ones never.
    """
    ip: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip)
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    if ip.is_loopback:
        return private
    if ip.is_reserved:
        return False
    return public if ip.is_global else private and ip.is_private
