"""The one way out, against a server that does what it should not."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lti.flows import http
from tests.factories.lti import rsa_key


def heard(connection):
    """Read a request with its body."""
    raw = b""
    while b"\r\n\r\n" not in raw or (b"Content-Length: 4\r\n" in raw and not raw.endswith(b"body")):
        piece = connection.recv(65536)
        if not piece or piece.startswith(b"\x16"):  # the other side begins with TLS
            break
        raw += piece
    return raw.decode(errors="replace")


@contextmanager
def server(conversation):
    """Serve on the loopback; ``conversation(connection)`` is held with everybody who comes."""
    listening = socket.create_server(("127.0.0.1", 0))
    seen = []

    def serve():
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            with connection:
                try:
                    seen.append(heard(connection))
                    conversation(connection)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", seen
    finally:
        listening.close()


def saying(raw):
    return server(lambda connection: connection.sendall(raw))


def get(url, **options):
    return http.call(method="GET", url=url, private=True, **options)


def reason_of(url, **options):
    with pytest.raises(http.CallFailed) as caught:
        http.call(**({"method": "GET", "url": url, "private": True} | options))
    return caught.value.reason


def test_an_answer_comes_whole_with_its_status_and_headers():
    raw = b'HTTP/1.1 201 Created\r\nContent-Type: text/html\r\nContent-Length: 7\r\n\r\n{"a":1}'
    with saying(raw) as (url, seen):
        answer = http.call(
            method="POST", url=f"{url}/x?type_id=1", private=True, headers={"X-A": "b"}, body=b"body"
        )

    assert (answer.status, answer.headers["content-type"], answer.json()) == (201, "text/html", {"a": 1})
    assert seen[0].startswith("POST /x?type_id=1 HTTP/1.1\r\n") and seen[0].endswith("\r\n\r\nbody")
    assert f"Host: {url[7:]}\r\n" in seen[0] and "X-A: b\r\n" in seen[0]


def test_chunks_are_put_together():
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with saying(raw) as (url, _seen):
        assert get(url).body == b"abcde"


def test_A11_a_redirect_is_not_followed_and_the_token_stays_here():
    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (elsewhere, seen_elsewhere):
        raw = f"HTTP/1.1 301 Moved\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n".encode()
        with saying(raw) as (url, _seen):
            assert get(url, headers={"Authorization": "Bearer x"}).status == 301
    assert seen_elsewhere == []


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 99999 x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnono",
    ],
)
def test_A12_an_answer_cut_short_or_broken_is_no_answer(raw):
    with saying(raw) as (url, _seen):
        assert reason_of(url)


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 O", b""])
def test_A13_a_drip_ends_with_the_time_for_the_whole_call(head):
    def drip(connection):
        connection.sendall(head)
        for _byte in range(100):
            connection.sendall(b"x")
            time.sleep(0.1)

    with server(drip) as (url, _seen):
        began = time.monotonic()
        assert reason_of(url, total=0.6) == "no answer in time"
        assert time.monotonic() - began < 1.5


def test_L59_a_tarpit_ends_with_the_time_for_the_whole_call():
    with server(lambda connection: time.sleep(5)) as (url, _seen):
        began = time.monotonic()
        assert reason_of(url, total=0.5) == "no answer in time"
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
    ],
)
def test_A15_ten_megabytes_are_not_read(head):
    sent = []

    def pour(connection):
        connection.sendall(head)
        for _piece in range(1000):
            connection.sendall(b"x" * 10_000)
            sent.append(10_000)

    with server(pour) as (url, _seen):
        assert reason_of(url) == "answer too large"
    assert sum(sent) < 9_000_000


def test_A15_deep_json_is_no_json():
    answer = http.Answer(200, {}, b"[" * 200_000)
    with pytest.raises(http.CallFailed):
        answer.json()


@pytest.mark.parametrize("body", [b"<html>", b"", b"NaN", b'{"a": Infinity}', b"\xff"])
def test_A28_nan_and_html_are_no_json(body):
    with pytest.raises(http.CallFailed):
        http.Answer(200, {}, body).json()


def test_A16_a_gzip_bomb_is_not_unpacked():
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    with saying(head + bomb) as (url, _seen):
        assert reason_of(url) == "answer too large"


def test_an_honest_gzip_is_unpacked():
    body = gzip.compress(b'{"a": 1}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with saying(head + body) as (url, _seen):
        assert get(url).json() == {"a": 1}


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1]/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://224.0.0.1/",
        "https://2130706433/",
    ],
)
def test_A25_addresses_inside_are_refused(url):
    assert reason_of(url, private=False) in {"address refused", "host not found"}


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://[fe80::1]/", "http://0.0.0.0/", "http://224.0.0.1/"]
)
def test_A25_some_are_refused_on_private_networks_too(url):
    assert reason_of(url) == "address refused"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://x/",
        "http://user:word@127.0.0.1/",
        "javascript:x",
        "",
        "https://",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/ x",
        "http://127.0.0.1/\r\nX: y",
        "http://127.0.0.1\\@x/",
        "https://ąžuolas.lt/",
    ],
)
def test_A25_what_is_no_web_address_is_refused(url):
    assert reason_of(url) == "address refused"


def test_plain_http_is_for_private_networks_only(monkeypatch):
    assert reason_of("http://127.0.0.1/", private=False) == "address refused"
    assert not http.is_permitted("93.184.216.34", private=True, public=False)
    assert http.is_permitted("93.184.216.34", private=False)


def test_a_name_that_points_both_ways_is_refused(monkeypatch):
    rows = [(2, 1, 6, "", (address, 443)) for address in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: rows)
    assert reason_of("https://rebinding.example/", private=False) == "address refused"


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    asked = []

    def look_up(host, port, **named):
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    with saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") as (url, seen):
        port = url.rpartition(":")[2]
        real = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *given, **named: (
                look_up(host, *given) if host == "platform.test" else real(host, *given, **named)
            ),
        )
        assert get(f"http://platform.test:{port}/").body == b"ok"
    assert asked == ["platform.test"] and f"Host: platform.test:{port}" in seen[0]


def test_what_speaks_no_tls_is_no_platform():
    with saying(b"not tls at all") as (url, _seen):
        assert "SSL" in reason_of(url.replace("http:", "https:"))


def certificate_for(name, path):
    """Write a certificate of our own for ``name``, with its key."""
    key = rsa_key("tls")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).serial_number(1)
    builder = builder.public_key(key.public_key()).not_valid_before(today - timedelta(days=1))
    builder = builder.not_valid_after(today + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    path.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return path


@contextmanager
def tls_server(name, folder):
    """Serve one "ok" after another over TLS."""
    pem = certificate_for(name, folder / "tls.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    names = []
    context.sni_callback = lambda _socket, sni, _context: names.append(sni)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                plain, _address = listening.accept()
                with context.wrap_socket(plain, server_side=True) as connection:
                    heard(connection)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1], pem, names
    finally:
        listening.close()


def test_tls_is_verified_for_the_name_although_the_address_is_pinned(monkeypatch, tmp_path):
    real, context = socket.getaddrinfo, ssl.create_default_context
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *given, **named: real("127.0.0.1", *given, **named)
    )
    with tls_server("platform.test", tmp_path) as (port, pem, names):
        assert "SSLCert" in reason_of(f"https://platform.test:{port}/")
        monkeypatch.setattr(ssl, "create_default_context", lambda: context(cafile=pem))
        assert get(f"https://platform.test:{port}/").body == b"ok"
        assert "SSLCert" in reason_of(f"https://other.test:{port}/")
    assert names[-2:] == ["platform.test", "other.test"]


def test_a_name_that_never_resolves_is_given_up(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: time.sleep(3))
    began = time.monotonic()
    assert reason_of("https://slow.example/", total=0.3) == "host not found"
    assert time.monotonic() - began < 1


def test_nobody_listening_is_a_short_reason():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert reason_of(f"http://127.0.0.1:{port}/") == "ConnectionRefusedError"


def test_a_header_that_comes_several_times_is_one_list():
    said = b"HTTP/1.1 200 OK\r\nLink: <a>; rel=next\r\nContent-Length: 2\r\nLink: <b>; rel=self\r\n\r\n{}"
    with saying(said) as (url, _seen):
        assert get(url).headers["link"] == "<a>; rel=next, <b>; rel=self"
