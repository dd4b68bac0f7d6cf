"""A teacher at the picker."""

from __future__ import annotations

import json
import re
from typing import Any

import jwt
from django.test import Client

from lti.models import SigningKey
from tests.factories.lti import LTI, MEMBERSHIP, Launcher, Platform

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
TEACHER = [MEMBERSHIP + "Instructor"]
TOKEN = re.compile(r'name="JWT" value="([^"]+)"')


def settings_of(platform: Platform, **changes: Any) -> dict[str, Any]:
    """Return what Moodle says of deep linking; a value of None is left out."""
    told = {
        "deep_link_return_url": f"{platform.base}/mod/lti/contentitem_return.php?course=12&sesskey=x",
        "accept_types": ["ltiResourceLink"],
        "accept_presentation_document_targets": ["frame", "iframe", "window"],
        "accept_multiple": True,
        "auto_create": False,
    } | changes
    return {name: value for name, value in told.items() if value is not None}


class Chooser(Launcher):
    """A teacher's browser, asked by the platform to choose."""

    def ask(self, *, settings: Any = None, remove: tuple[str, ...] = (), **changes: Any) -> Any:
        """Go through the launch; ``settings`` changes what is said of deep linking."""
        told = (
            settings if isinstance(settings, list | str) else settings_of(self.platform, **(settings or {}))
        )
        claims = {
            "message_type": "LtiDeepLinkingRequest",
            "roles": TEACHER,
            DL + "deep_linking_settings": told,
        }
        return self.launch(remove=("resource_link", *remove), **(claims | changes))

    def picker(self, **changes: Any) -> str:
        """Return the picker's address."""
        response = self.ask(**changes)
        assert response.status_code == 302, response.content.decode()
        return str(response["Location"])

    def put(self, address: str, *items: Any, **form: Any) -> Any:
        """Put things into the course."""
        return self.client.post(f"{address}check/", {"chosen": [str(item) for item in items], **form})


def chooser(platform: Platform) -> Chooser:
    """Return a teacher's browser."""
    return Chooser(platform, Client())


def told(response: Any) -> dict[str, Any]:
    """Return the claims of the answer in a page, its signature checked with our published key."""
    found = TOKEN.search(response.content.decode())
    assert found, response.content.decode()
    key = SigningKey.objects.get(slot=SigningKey.SIGNING).key
    assert jwt.get_unverified_header(found.group(1))["kid"] == key.as_jwk()["kid"]
    options = {"verify_aud": False}
    claims: dict[str, Any] = jwt.decode(found.group(1), key.public_key, algorithms=["RS256"], options=options)
    return claims


def items(response: Any) -> list[dict[str, Any]]:
    """Return the content items of an answer."""
    found: list[dict[str, Any]] = told(response)[DL + "content_items"]
    return json.loads(json.dumps(found))


__all__ = ["DL", "LTI", "TEACHER", "Chooser", "chooser", "items", "settings_of", "told"]
