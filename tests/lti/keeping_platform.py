"""A browser whose frame keeps no cookie, on a platform that keeps values for us: what our script would do there."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.factories.lti import Launcher

FROM_US = {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"}
DATA = re.compile(r'data-(target|origin|key|value|onward)="([^"]*)"')
HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


def told(response: Any) -> dict[str, str]:
    """Return what a page tells our script."""
    return {name: html.unescape(value) for name, value in DATA.findall(response.content.decode())}


def fields(response: Any) -> dict[str, str]:
    """Return what stands in a page's form."""
    return {name: html.unescape(value) for name, value in HIDDEN.findall(response.content.decode())}


@dataclass
class Kept:
    """A launch on its way, its secret kept by the platform."""

    launcher: Launcher
    state: str
    nonce: str
    binding: str
    page: Any

    def token(self, **changes: Any) -> str:
        platform = self.launcher.platform
        return platform.sign(platform.claims(self.nonce, self.launcher.activity, **changes))

    def answer(self, token: str = "", headers: dict[str, str] | None = None, **form: str) -> Any:
        """Post the platform's message in the frame, without a cookie; ``binding`` is the secret."""
        sent = {"state": self.state, "id_token": token or self.token(), **form}
        more = self.launcher.headers | (headers or {})
        return Client().post("/lti/launch/", sent, headers=more)

    def prove(self, **claims: Any) -> Any:
        """Post it as our page does."""
        return self.answer(self.token(**claims), FROM_US, binding=self.binding)

    def ticket(self, **claims: Any) -> str:
        """Go through the launch and return the ticket into a new tab."""
        return fields(self.prove(**claims))["ticket"]


def begin(launcher: Launcher, **changes: Any) -> Kept:
    """Begin a launch where the cookie of the first hop did not come back."""
    asked = {"cookie_check": "1", "lti_storage_target": "_parent"} | changes
    page = launcher.login(client=Client(), **asked)
    data = told(page)
    query = parse_qs(urlsplit(data["onward"]).query)
    return Kept(launcher, query["state"][0], query["nonce"][0], data["value"], page)


def enter(ticket: str, client: Client | None = None, **headers: str) -> Any:
    """Press the ticket's button, which opens a new tab."""
    sent = FROM_US | {"Sec-Fetch-Dest": "document"} | headers
    return (client or Client()).post("/lti/enter/", {"ticket": ticket}, headers=sent)
