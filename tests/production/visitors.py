"""Learners of the trial platform, who come in through nginx as browsers do."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import requests

from benchmarks.browser import Browser, Reply
from benchmarks.launches import begin_launch, finish_launch
from benchmarks.world import Learner, Platform
from tests.platform.client import PlatformProcess
from tests.production.cluster import Cluster

CHOICES = """
import json
from courses.models import Activity
from courses.versions import latest, payload_of
activity = Activity.objects.get(uuid="%s")
items = payload_of(latest(activity_id=activity.pk, language="lt"))["items"]
print(json.dumps([[i["id"], [o["id"] for o in i["options"]]] for i in items if i["type"] == "single"]))
"""


class Tls:
    """Carries a browser's requests to nginx; asks again while no machine answers, as our scripts do."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.again = 0

    def ready(self) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        """Nothing to close."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        """Return the answer."""
        end = time.monotonic() + 30
        while True:
            reply = self._ask(method, path, headers, body)
            if reply.status not in {502, 503, 504} or time.monotonic() > end:
                return reply
            self.again += 1
            time.sleep(0.3)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        nginx = self.cluster.nginx
        address = urlsplit(path)
        target = address.path + (f"?{address.query}" if address.query else "")
        more = {"Referer": f"{nginx.url}/"} if method == "POST" else {}  # Django wants it over HTTPS
        answer = requests.request(
            method,
            f"{nginx.url}{target}",
            headers={**headers, **more},
            data=body or None,
            verify=str(nginx.certificate),
            allow_redirects=False,
            timeout=40,
        )
        cookies: SimpleCookie = SimpleCookie()
        for line in answer.raw.headers.getlist("Set-Cookie"):
            cookies.load(line.partition(";")[0])
        given = {name: morsel.value for name, morsel in cookies.items()}
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Reply(answer.status_code, found, given, answer.content)


class Class:
    """A class on the trial platform, connected to the cluster; its quiz is the demo's first."""

    def __init__(self, cluster: Cluster, platform: PlatformProcess) -> None:
        self.cluster = cluster
        self.platform = platform
        cluster.first.connect(platform)
        quiz = cluster.first.activities("quiz")[0]
        self.quiz, self.page = quiz["uuid"], urlsplit(quiz["url"]).path
        printed = cluster.first.manage("shell", "-v", "0", "-c", CHOICES % self.quiz)
        self.choices = json.loads(printed.splitlines()[-1])
        made = platform.post(
            "/api/activities",
            title="Testas",
            graded=True,
            score_maximum=100,
            custom={"activity": self.quiz},
        )
        self.activity, self.line_item = made["id"], made["lineitem"]

    def pupils(self, count: int, prefix: str) -> list[int]:
        """Enrol ``count`` people on the platform and return their numbers there."""
        ids: list[int] = self.platform.post("/api/people", count=count, prefix=prefix)["ids"]
        return ids

    def launch(self, person: int) -> Browser:
        """Let the person come in; return the browser, signed in."""
        registration = self.platform.get("/api/state")["registration"]
        platform = Platform(
            issuer=registration["issuer"],
            client_id=registration["client_id"],
            deployment_id=registration["deployment_id"],
            target=f"{self.cluster.nginx.url}/lti/launch/",
            key="",
            claims=[],
        )
        browser = Browser(Tls(self.cluster))
        ticket = begin_launch(browser, platform, Learner(str(person)))
        message = self.platform.token(ticket.nonce, ticket.state, person, self.activity)
        finish_launch(browser, ticket, message["id_token"])
        return browser

    def begin(self, browser: Browser) -> str:
        """Begin the quiz and return the attempt's address."""
        browser.take_token(browser.get(self.page))
        return browser.post(f"/lt/learn/{self.quiz}/start/", {}).headers["location"]

    def answer(self, browser: Browser, place: str, seq: int) -> None:
        """Save an answer to every item of one choice."""
        drafts = [
            {"item": item, "response": [options[seq % len(options)]], "flagged": False, "seq": seq}
            for item, options in self.choices
        ]
        browser.post_json(f"{urlsplit(place).path}save/", {"drafts": drafts})

    def finish(self, browser: Browser, place: str) -> None:
        """Hand the attempt in."""
        browser.post(f"{urlsplit(place).path}finish/", {})

    def arrived(self, people: list[int]) -> dict[int, int]:
        """Return how many scores for the quiz took effect on the platform, by person."""
        times = dict.fromkeys(people, 0)
        for effect in self.platform.effects():
            if effect["lineitem"] == self.line_item and int(effect["person"]) in times:
                times[int(effect["person"])] += 1
        return times
