"""A learning platform that is not there: its keys, its messages, and the network it would answer on."""

from __future__ import annotations

import base64
import functools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from jwt.algorithms import RSAAlgorithm
from lti_tool.models import LtiRegistration

from lti.flows import http
from lti.flows.platforms import PlatformDetails, connect

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
TARGET = "http://localhost:8000/lti/launch/"
PRESENTATION = {"locale": "lt", "document_target": "iframe"}
MOODLES = {
    LTI + "version": "1.3.0",
    LTI + "message_type": "LtiResourceLinkRequest",
    LTI + "target_link_uri": TARGET,
    LTI + "roles": [MEMBERSHIP + "Learner"],
    LTI + "context": {
        "id": "12",
        "label": "INF1",
        "title": "Informacinis raštingumas",
        "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
    },
    LTI + "resource_link": {"id": "34", "title": "Testas", "description": "Atlikite"},
}


@functools.cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """Return the test run's key of this name."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_pem(name: str) -> bytes:
    public = rsa_key(name).public_key()
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def jwk(name: str, **changes: Any) -> dict[str, Any]:
    """Return the public half of a key as the platform publishes it; ``kid`` is its name."""
    return (
        RSAAlgorithm.to_jwk(rsa_key(name).public_key(), as_dict=True)
        | {"kid": name, "alg": "RS256", "use": "sig"}
        | changes
    )


def encoded(value: Any) -> str:
    """Return base64url without padding, of bytes or of something written as JSON."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def answer(status: int = 200, body: Any = b"", **headers: str) -> http.Answer:
    """Return what a platform answers; what is no bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return http.Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


@dataclass
class Network:
    """Stands in for ``lti.flows.http.call``: answers by address, remembers who asked what."""

    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)

    def call(self, *, url: str, **request: Any) -> http.Answer:
        self.calls.append({"url": url, **request})
        found = self.answers.get(url.partition("?")[0])
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        if callable(found):
            found = found(url=url, **request)
        if found is None:
            raise http.CallFailed("ConnectionRefusedError")
        if isinstance(found, Exception):
            raise found
        return found

    def to(self, url: str) -> list[dict[str, Any]]:
        return [call for call in self.calls if call["url"].partition("?")[0] == url]


@dataclass
class Platform:
    """A connected platform and the way it makes messages."""

    base: str
    network: Network
    client_id: str = "kelrodis-1"
    deployment_id: str = "7"
    key: str = "platform-key"
    registration: LtiRegistration = field(init=False)

    def __post_init__(self) -> None:
        self.registration, _created = connect(
            details=PlatformDetails(
                name="Moodle",
                issuer=self.base,
                client_id=self.client_id,
                auth_url=f"{self.base}/auth",
                token_url=f"{self.base}/token",
                keyset_url=f"{self.base}/jwks",
                deployment_id=self.deployment_id,
            )
        )
        self.network.answers[f"{self.base}/jwks"] = answer(body={"keys": [jwk(self.key)]})
        self.network.answers[f"{self.base}/token"] = answer(
            body={"access_token": "bearer-1", "token_type": "Bearer", "expires_in": 3600}
        )

    @property
    def keyset_calls(self) -> int:
        return len(self.network.to(f"{self.base}/jwks"))

    def claims(
        self, nonce: str, activity: Any = None, person: str = "2001", /, **changes: Any
    ) -> dict[str, Any]:
        """Return Ona's launch as Moodle writes it; short names in ``changes`` are LTI's own claims."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.base,
            "aud": self.client_id,
            "sub": person,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "given_name": "Ona",
            "family_name": "Kazlauskaitė",
            "name": "Ona Kazlauskaitė",
            "email": f"ona{person}@universitetas.example",
            LTI + "deployment_id": self.deployment_id,
            LTI + "custom": {"activity": str(activity.uuid)} if activity is not None else {},
            **MOODLES,
            LTI + "launch_presentation": PRESENTATION | {"return_url": f"{self.base}/return?sesskey=x"},
            AGS: {
                "scope": [AGS_SCOPE + "score", AGS_SCOPE + "result.readonly"],
                "lineitems": f"{self.base}/lineitems?type_id=1",
                "lineitem": f"{self.base}/lineitem/5?type_id=1",
            },
        }
        return claims | {
            name if name in claims or ":" in name else long_name(name): value
            for name, value in changes.items()
        }

    def sign(self, claims: Any, *, key: str | None = None, headers: dict[str, Any] | None = None) -> str:
        name = key or self.key
        return jwt.encode(claims, rsa_key(name), algorithm="RS256", headers={"kid": name} | (headers or {}))


STANDARD = {"azp", "nbf", "picture", "iss", "aud", "sub"}


def long_name(name: str) -> str:
    return AGS if name == "ags" else name if name in STANDARD else LTI + name


@dataclass
class Begun:
    """A launch the tool has begun in a browser."""

    state: str
    nonce: str
    response: Any
    client: Client


@dataclass
class Launcher:
    """A browser going through launches of one activity."""

    platform: Platform
    client: Client
    activity: Any = None
    dest: str | None = "document"

    @property
    def headers(self) -> dict[str, str]:
        return {"Sec-Fetch-Dest": self.dest} if self.dest else {}

    def login(self, *, client: Client | None = None, method: str = "get", **changes: Any) -> Any:
        parameters = {
            "iss": self.platform.base,
            "client_id": self.platform.client_id,
            "login_hint": "2001",
            "target_link_uri": TARGET,
            "lti_message_hint": '{"cmid":5,"launchid":"a&b=č"}',
            "lti_deployment_id": self.platform.deployment_id,
        } | changes
        sent = {name: value for name, value in parameters.items() if value is not None}
        return getattr(client or self.client, method)("/lti/login/", sent, headers=self.headers)

    def begin(self, client: Client | None = None) -> Begun:
        response = self.login(client=client)
        assert response.status_code == 302, response.content
        query = parse_qs(urlsplit(response["Location"]).query)
        return Begun(query["state"][0], query["nonce"][0], response, client or self.client)

    def post(self, token: str, state: str, client: Client | None = None) -> Any:
        form = {"id_token": token, "state": state}
        return (client or self.client).post("/lti/launch/", form, headers=self.headers)

    def launch(
        self,
        *,
        remove: tuple[str, ...] = (),
        make: Callable[[dict[str, Any]], str] | None = None,
        **changes: Any,
    ) -> Any:
        """Go through a whole launch; ``make`` turns claims into a token in its own way."""
        begun = self.begin()
        claims = self.platform.claims(begun.nonce, self.activity, **changes)
        for name in remove:
            del claims[name if name in claims else long_name(name)]
        return self.post((make or self.platform.sign)(claims), begun.state)
