"""Providers of single sign-on: a real one in a process of its own, and one that answers as a test wants."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.stack import Stack, free_port

CLIENT = "kelrodis"
RASA = {
    "sub": "rasa",
    "given_name": "Rasa",
    "family_name": "Stonkutė",
    "email": "rasa@alytus.example",
    "email_verified": True,
}
SETTINGS = {
    "name": "Alytaus biblioteka",
    "client_id": CLIENT,
    "client_secret": "tik-bandymams",
    "trusted_domains": [],
    "acr": [],
    "amr": [],
}


class RealProvider:
    """``oidc-provider-mock``, a provider that keeps to the standard, on a port of its own."""

    def __init__(self, *people):
        self.issuer = f"http://localhost:{free_port()}"
        command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-H", "localhost"]
        command += ["--port", self.issuer.rpartition(":")[2], "--require-nonce", "true"]
        for person in people:
            command += ["--user-claims", json.dumps(person)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        Stack.wait_for(
            lambda: requests.get(f"{self.issuer}/.well-known/openid-configuration", timeout=5).ok, "provider"
        )

    def settings(self, **more):
        return SETTINGS | {"issuer": self.issuer} | more

    def answer(self, address, sub="rasa", **form):
        """Sign ``sub`` in at the provider, as a person would; return the way back."""
        response = requests.post(address, data={"sub": sub} | form, allow_redirects=False, timeout=10)
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class WilfulProvider:
    """A provider that answers as ``answers`` says: path → JSON, bytes, a status, or a function of the form."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.respond(self, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.respond(self, {name: values[0] for name, values in parse_qs(body).items()})

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.issuer = f"http://localhost:{self.server.server_port}"
        self.asked, self.claims, self.forge = [], {}, lambda token: token
        self.answers = {
            "/.well-known/openid-configuration": self.metadata(),
            "/keys": {"keys": [self.public_key()]},
            "/token": lambda form: {"access_token": "prieiga", "id_token": self.token()},
        }

    def settings(self, **more):
        return SETTINGS | {"issuer": self.issuer} | more

    def metadata(self, **more):
        names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.issuer} | {name: self.issuer + path for name, path in names.items()} | more

    def public_key(self, kid="k1"):
        return json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": kid}

    def token(self, key=None, headers=None, algorithm="RS256"):
        """Return an ID token of the claims; one that is None is left out."""
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300} | RASA | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return self.forge(
            jwt.encode(claims, key or self.key, algorithm=algorithm, headers={"kid": "k1"} | (headers or {}))
        )

    def respond(self, handler, form):
        path = urlsplit(handler.path).path
        self.asked.append((path, dict(handler.headers), form))
        answer = self.answers.get(path, 404)
        answer = answer(form) if callable(answer) else answer
        status = answer if isinstance(answer, int) else 200
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Location", "/elsewhere")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def begin(browser, language="lt", **form):
    """Press the button on the sign-in page; return the address it leads to, with its parameters."""
    page = browser.post(f"/{language}/sign-in/sso/", form)
    assert page.status_code == 200, page.text
    address = page.context["address"]
    return address, {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def path_of(address):
    """Return path and query of an address of ours."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"
