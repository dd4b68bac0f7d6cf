"""The grade book of a platform whose links have no columns yet."""

from __future__ import annotations

import json

from django.utils.timezone import now

from portal.outbox.models import Delivery
from tests.factories.lti import AGS_SCOPE, answer
from tests.lti.grading import OK, deliver

CONTAINER = "https://moodle.example/lineitems"
OURS = "https://moodle.example/lineitem/77"
SCORES = OURS + "/scores"
ALL = [AGS_SCOPE + name for name in ("lineitem", "score", "result.readonly")]


def without_column(*scopes, container=f"{CONTAINER}?type_id=1"):
    """The grade claim of a link that the platform has coupled no column with."""
    return {"scope": list(scopes) or ALL, "lineitems": container}


def item(url=f"{OURS}?type_id=1", link="34", **more):
    return {"id": url, "label": "Testas", "scoreMaximum": 100, "resourceLinkId": link} | more


class Book:
    """The platform's grade book: lists the columns of a link, adds what is posted."""

    def __init__(self, network):
        self.items = []
        network.answers |= {CONTAINER: self, SCORES: OK}
        self.network = network

    def __call__(self, *, method, url, body=None, **_call):
        if method == "GET":
            return answer(body=self.items)
        self.items.append(json.loads(body) | {"id": f"{OURS}?type_id=1"})
        return answer(201, self.items[-1])

    def calls(self, method):
        return [call for call in self.network.to(CONTAINER) if call["method"] == method]


def launch(ona, *scopes, **more):
    assert ona.launch(ags=without_column(*scopes), **more).status_code == 302


def again():
    Delivery.objects.pending().update(next_at=now())
    return deliver()
