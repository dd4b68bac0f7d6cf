"""A platform's own description of itself, as it publishes it for registration, checked.

Source: 1EdTech LTI Dynamic Registration 1.0, 3.3 to 3.5; OpenID Connect Discovery 1.0, 3 and 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lti.flows import http
from lti.flows.addresses import origin
from lti.flows.text import is_identifier

PATIENCE = 10.0  # seconds for the whole call: a person waits for the page
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
LONGEST_URL = 200  # of django-lti's own columns
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


class NotRegistered(Exception):
    """A registration that came to nothing. ``reason`` is a code for staff and the log, nothing secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PlatformSilent(NotRegistered):
    """The platform gave no answer that can be used."""


class PlatformNotTrusted(NotRegistered):
    """What the platform says of itself does not hold together."""


@dataclass(frozen=True)
class Configuration:
    """What we need of a platform's description; ``scopes``, ``messages``: None where it names none."""

    issuer: str
    auth_url: str
    token_url: str
    keyset_url: str
    registration_url: str
    audience: str
    scopes: frozenset[str] | None
    messages: frozenset[str] | None


def fetch(*, url: str, private: bool) -> Configuration:
    """Return the platform's description at ``url``; ``private`` as in ``http.call``.

    Raises PlatformSilent, PlatformNotTrusted.
    """
    try:
        answer = http.call(
            method="GET", url=url, private=private, headers={"Accept": "application/json"}, total=PATIENCE
        )
        if answer.status != 200:
            raise PlatformSilent(f"configuration: status {answer.status}")
        document = answer.json()
    except http.CallFailed as failure:
        raise PlatformSilent(f"configuration: {failure.reason}") from None
    return read(document, url=url, private=private)


def read(document: Any, *, url: str, private: bool) -> Configuration:
    """Return the description read from JSON. Raises PlatformNotTrusted.

    The issuer must be where the description was read, or anybody could speak for it (3.5.1); its endpoints must
    be there too, so that one invitation never leads us to several hosts.
    """
    if not isinstance(document, dict):
        raise PlatformNotTrusted("configuration_not_an_object")
    issuer: Any = document.get("issuer")
    if not is_identifier(issuer, LONGEST_URL) or origin(issuer) != origin(url) or not origin(url):
        raise PlatformNotTrusted("issuer_elsewhere")
    for name in ENDPOINTS:
        _check_endpoint(name, document.get(name), issuer, private)
    _check_offer(document, "token_endpoint_auth_methods_supported", "private_key_jwt")
    _check_offer(document, "id_token_signing_alg_values_supported", "RS256")
    audience, scopes = document.get("authorization_server"), document.get("scopes_supported")
    return Configuration(
        issuer=issuer,
        auth_url=document["authorization_endpoint"],
        token_url=document["token_endpoint"],
        keyset_url=document["jwks_uri"],
        registration_url=document["registration_endpoint"],
        audience=str(audience) if is_identifier(audience) else "",
        scopes=frozenset(one for one in scopes if isinstance(one, str)) if isinstance(scopes, list) else None,
        messages=_messages(document.get(PLATFORM)),
    )


def _messages(about: Any) -> frozenset[str] | None:
    """Return the kinds of messages the platform sends, which some write as objects and some as their names."""
    listed = about.get("messages_supported") if isinstance(about, dict) else None
    if not isinstance(listed, list):
        return None
    named = [one.get("type") if isinstance(one, dict) else one for one in listed]
    return frozenset(one for one in named if isinstance(one, str))


def _check_endpoint(name: str, value: Any, issuer: str, private: bool) -> None:
    if not is_identifier(value, LONGEST_URL) or "#" in value or not origin(value):
        raise PlatformNotTrusted(f"{name}_missing")
    if not value.startswith("https://") and not private:
        raise PlatformNotTrusted(f"{name}_not_https")
    if origin(value) != origin(issuer):
        raise PlatformNotTrusted(f"{name}_elsewhere")


def _check_offer(document: dict[str, Any], name: str, needed: str) -> None:
    """Refuse a platform that says it cannot do what LTI 1.3 needs; one that says nothing is believed."""
    offered = document.get(name)
    if isinstance(offered, list) and needed not in offered:
        raise PlatformNotTrusted(f"no_{needed}")
