"""Launches without the platform's own time: its messages are signed here, with its key, beforehand."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from benchmarks.browser import Browser
from benchmarks.processor import signature_check_ms
from benchmarks.world import Learner, Platform


@dataclass(frozen=True)
class Ticket:
    """A launch after its first step."""

    learner: Learner
    state: str
    nonce: str
    cookies: dict[str, str]


class Signer:
    """Signs what the trial platform would have signed: an honest message of its own, for another person."""

    def __init__(self, platform: Platform) -> None:
        path = Path(platform.key)
        self._kid = path.stem
        self._key: Any = load_pem_private_key(path.read_bytes(), password=None)
        self._claims = platform.claims

    def check_ms(self) -> float:
        """Return the processor time of checking one of these messages' signatures, in milliseconds."""
        begun = Ticket(Learner("1"), "state", "nonce", {})
        return signature_check_ms(self.token(begun), self._key.public_key())

    def token(self, ticket: Ticket, link: int = 0) -> str:
        """Return the message for a launch that has begun, by the activity's ``link``."""
        issued = int(time.time())
        subject = ticket.learner.subject
        told = {
            "sub": subject,
            "nonce": ticket.nonce,
            "iat": issued,
            "exp": issued + 60,
            "given_name": "Ona",
            "family_name": f"Kazlauskaitė-{subject}",
            "name": f"Ona Kazlauskaitė-{subject}",
            "email": f"person{subject}@example.org",
        }
        return jwt.encode(
            {**self._claims[link], **told}, self._key, algorithm="RS256", headers={"kid": self._kid}
        )


def begin_launch(browser: Browser, platform: Platform, learner: Learner) -> Ticket:
    """Take the first step, as the platform's page in the browser does."""
    fields = {
        "iss": platform.issuer,
        "client_id": platform.client_id,
        "target_link_uri": platform.target,
        "login_hint": learner.subject,
        "lti_message_hint": "1",
        "lti_deployment_id": platform.deployment_id,
    }
    before = {**browser.cookies, "kelrodis_frame": "1"}  # somebody who has been here: no cookie check
    browser.cookies = dict(before)
    reply = browser.post("/lti/login/", fields)
    query = parse_qs(urlsplit(reply.headers["location"]).query)
    new = {name: value for name, value in browser.cookies.items() if name not in before}
    return Ticket(learner, query["state"][0], query["nonce"][0], new)


def finish_launch(browser: Browser, ticket: Ticket, token: str) -> None:
    """Take the second step; afterwards the browser holds the session."""
    browser.post("/lti/launch/", {"state": ticket.state, "id_token": token})
