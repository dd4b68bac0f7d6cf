"""A tool just good enough to prove the platform: login, launch page, key set, service calls."""

from __future__ import annotations

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

HTML = "text/html; charset=utf-8"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class FakeTool(ThreadingHTTPServer):
    """Serves /lti/login/, /lti/launch/ and /lti/jwks/ on localhost in a thread."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.server_port}"
        self.platform = ""
        self.launches: list[dict[str, str]] = []
        self.logins: list[dict[str, str]] = []
        self.jwks_hits = 0
        self.new_key("tool-key-1")
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def new_key(self, kid: str) -> None:
        """Replace the tool's key."""
        self.kid, self.key = kid, rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def jwks(self) -> dict[str, Any]:
        """The tool's key set."""
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": self.kid, "alg": "RS256", "use": "sig"}]}

    def sign(self, claims: dict[str, Any], key: Any = None, **header: Any) -> str:
        """A JWT by the tool."""
        return jwt.encode(claims, key or self.key, algorithm="RS256", headers={"kid": self.kid, **header})

    def assertion(self, client_id: str, token_url: str, **claims: Any) -> dict[str, Any]:
        """The claims of a client assertion."""
        now = int(time.time())
        base = {"iss": client_id, "sub": client_id, "aud": token_url, "iat": now - 10, "exp": now + 60}
        return {**base, "jti": secrets.token_hex(8), **claims}

    def ask_token(self, scope: str, assertion: str, platform: str = "") -> requests.Response:
        """Call the token endpoint."""
        form = {"grant_type": "client_credentials", "client_assertion_type": JWT_BEARER}
        form |= {"client_assertion": assertion, "scope": scope}
        return requests.post(f"{platform or self.platform}/token", data=form, timeout=20)


class Handler(BaseHTTPRequestHandler):
    """The tool's three addresses."""

    server: FakeTool

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _reply(self, status: int, body: str = "", kind: str = HTML, **headers: str) -> None:
        self.send_response(status)
        headers |= {"Content-Type": kind, "Content-Length": str(len(body.encode()))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def _login(self, fields: dict[str, str]) -> None:
        self.server.logins.append(fields)
        query = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": fields["client_id"],
            "redirect_uri": f"{self.server.url}/lti/launch/",
            "state": secrets.token_hex(8),
            "nonce": secrets.token_hex(8),
            "login_hint": fields["login_hint"],
            "lti_message_hint": fields["lti_message_hint"],
        }
        self._reply(302, Location=f"{fields['iss']}/auth?{urlencode(query)}")

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/lti/jwks/":
            self.server.jwks_hits += 1
            self._reply(200, json.dumps(self.server.jwks()), "application/json")
        elif parts.path == "/lti/login/":
            self._login(dict(parse_qsl(parts.query)))
        else:
            self._reply(404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        fields = dict(parse_qsl(body))
        if self.path == "/lti/login/":
            self._login(fields)
            return
        self.server.launches.append(fields)
        claims = jwt.decode(fields["id_token"], options={"verify_signature": False})
        title = claims.get("name", "nameless")
        page = f"<!DOCTYPE html><html lang='lt'><title>Tool</title><main><h1>Labas, {title}</h1></main>"
        self._reply(200, page)
