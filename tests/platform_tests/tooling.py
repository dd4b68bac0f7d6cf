"""What tests do as the tool: get tokens and send scores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from tests.platform.client import PlatformProcess
from tests.platform_tests.faketool import FakeTool

SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
CONTAINER_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULT_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
ALL = f"{AGS}lineitem {AGS}lineitem.readonly {AGS}result.readonly {AGS}score {NRPS}"


def at(seconds: float) -> str:
    """A time so many seconds after a fixed moment in the past."""
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()


class Tool:
    """The fake tool with a token, an activity of its own, and a student."""

    def __init__(self, platform: PlatformProcess, fake: FakeTool) -> None:
        self.platform = platform
        self.fake = fake
        self.client_id = platform.get("/api/state")["registration"]["client_id"]
        self.activity = platform.post("/api/activities", title="Quiz", graded=True, score_maximum=10)
        self.item: str = self.activity["lineitem_url"]
        self.student = self.person("ona")
        self._token = ""

    def person(self, username: str) -> str:
        """The id of a person."""
        people = self.platform.get("/api/state")["people"]
        return str(next(person["id"] for person in people if person["username"] == username))

    def assertion(self, **claims: Any) -> str:
        """A good client assertion."""
        return self.fake.sign(self.fake.assertion(self.client_id, f"{self.platform.url}/token", **claims))

    def token(self, scope: str = ALL) -> str:
        """An access token."""
        answer = self.fake.ask_token(scope, self.assertion())
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    @property
    def auth(self) -> dict[str, str]:
        """The bearer header."""
        self._token = self._token or self.token()
        return {"Authorization": f"Bearer {self._token}"}

    def url(self, tail: str) -> str:
        """The line item's address with a path before its query."""
        base, mark, query = self.item.partition("?")
        return f"{base}{tail}{mark}{query}"

    def score(self, given: float | None, when: float, maximum: float = 10, **more: Any) -> requests.Response:
        """Send a score stamped so many seconds after the fixed moment."""
        kind = more.pop("kind", SCORE_TYPE)
        body: dict[str, Any] = {
            "userId": self.student,
            "timestamp": at(when),
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
        }
        if given is not None:
            body |= {"scoreGiven": given, "scoreMaximum": maximum}
        body = {name: value for name, value in {**body, **more}.items() if value is not None}
        headers = {**self.auth, "Content-Type": kind}
        return requests.post(self.url("/scores"), json=body, headers=headers, timeout=10)

    def get(self, url: str, accept: str | None) -> requests.Response:
        """GET with an Accept header (None: without one)."""
        return requests.get(url, headers={**self.auth, "Accept": accept}, timeout=10)

    def grade(self) -> dict[str, Any]:
        """The student's grade, {} when there is none."""
        grades = self.platform.get("/api/gradebook")["grades"]
        item = self.activity["lineitem"]
        own = [g for g in grades if g["lineitem"] == item and str(g["person"]) == self.student]
        return own[0] if own else {}
