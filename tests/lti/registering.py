"""A platform that takes registrations, for tests, and what an administrator does to be registered with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from lti.flows.invitations import Wishes, invite
from tests.factories.lti import answer

BASE = "https://moodle.example"
CONFIG = f"{BASE}/mod/lti/openid-configuration.php"
REGISTER = f"{BASE}/mod/lti/openid-registration.php"
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
REFUSED = "registration refused: "


def description(**changes: Any) -> dict[str, Any]:
    """Return what Moodle publishes of itself; None takes something out."""
    found = {
        "issuer": BASE,
        "authorization_endpoint": f"{BASE}/mod/lti/auth.php",
        "token_endpoint": f"{BASE}/mod/lti/token.php",
        "jwks_uri": f"{BASE}/mod/lti/certs.php",
        "registration_endpoint": REGISTER,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": [
            "https://purl.imsglobal.org/spec/lti-ags/scope/score",
            "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
        ],
    } | changes
    return {name: value for name, value in found.items() if value is not None}


def accepted(**changes: Any) -> Any:
    """Return Moodle's answer to a registration."""
    return answer(body={"client_id": "AbC123", TOOL: {"deployment_id": "4"}} | changes)


@dataclass
class Registrar:
    """Opens an invitation's address as the platform's frame does."""

    client: Any
    network: Any
    wishes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.network.answers |= {CONFIG: answer(body=description()), REGISTER: accepted()}
        wishes = Wishes(**{"name": "Universiteto Moodle", "days": 7} | self.wishes)
        self.invitation, self.url = invite(wishes=wishes, by=None)

    def open(self, configuration: str = CONFIG, url: str = "", **more: Any) -> Any:
        query = urlencode({"openid_configuration": configuration, "registration_token": "one-time"})
        return self.client.get(f"{urlsplit(url or self.url).path}?{query}", **more)

    @property
    def sent(self) -> dict[str, Any]:
        """What the platform was told, the latest time."""
        found: dict[str, Any] = json.loads(self.network.to(REGISTER)[-1]["body"])
        return found
