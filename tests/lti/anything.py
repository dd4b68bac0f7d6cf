"""Anything a platform could say: JSON of every type, sizes and scripts; statuses and headers."""

from __future__ import annotations

import json
from contextlib import contextmanager

from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from lti.flows import http

ODD = ["", " ", "0", "\x00", "\ud800", "Ąžuolas", "\u202ea", "𝔘", "e\u0301" * 40, "x" * 3000, "javascript:alert(1)",
       "None", "https://evil.example/", "https://[", "http://moodle.example:99999/", "$Variable", "' OR 1=1 --",
       "1e999"]  # fmt: skip
TEXT = st.sampled_from(ODD) | st.text(max_size=20)
SCALAR = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.sampled_from([0, -1, 10**400, 1e308, 5e-324, -0.0, 1.5])
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT
)
JSON = st.recursive(
    SCALAR,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(TEXT, part, max_size=4),
    max_leaves=8,
)
RAW = st.sampled_from(
    [b"", b"<html>", b"null", b"NaN", b"[1", b"\xff\xfe", b'{"a":1}{"b":2}', b"[" * 5000, b'"' + b"a" * 100_000 + b'"',
     b"1" * 5000, b'{"access_token": "a", "access_token": []}']
)  # fmt: skip
STATUS = st.sampled_from(
    [200, 201, 204, 206, 301, 304, 400, 401, 403, 404, 409, 410, 418, 429, 500, 503, 599]
)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "link", "location", "content-type", "date", "www-authenticate"]),
    st.sampled_from(["0", "-1", "9" * 40, "٣", "Thu, 01 Oct 2099 08:00:00 -0000", "soon", '<x>; rel="next"']) | TEXT,
    max_size=3,
)  # fmt: skip
SILENCE = st.sampled_from([http.CallFailed(reason) for reason in ("no answer in time", "answer too large")])


def answers(*likely, status=200):
    """Any answer; ``likely`` are right documents, whole or with one thing in them changed, mostly under ``status``."""
    right = st.sampled_from(likely)
    kinds = [right, right, st.builds(spoilt, right, st.integers(0, 99), JSON | st.just(GONE)), JSON]
    body = st.integers(0, len(kinds)).flatmap(
        lambda n: st.builds(written, kinds[n]) if n < len(kinds) else RAW
    )
    usual, any_status = (st.builds(http.Answer, one, HEADERS, body) for one in (st.just(status), STATUS))
    return st.integers(0, 9).flatmap(lambda n: SILENCE if n == 0 else usual if n < 6 else any_status)


GONE = object()


def spoilt(document, which, value):
    """Return ``document`` with one of its members, somewhere within, another or missing."""
    if isinstance(document, list) and document:
        place = which % len(document)
        return [spoilt(part, which // 2, value) if n == place else part for n, part in enumerate(document)]
    if not isinstance(document, dict) or not document:
        return None if value is GONE else value
    name = sorted(document)[which % len(document)]
    if isinstance(document[name], dict | list) and document[name] and which % 3:
        return document | {name: spoilt(document[name], which // 2, value)}
    kept = {key: part for key, part in document.items() if key != name}
    return kept if value is GONE else kept | {name: value}


def written(document):
    return json.dumps(document).encode()


MANY = settings(
    max_examples=80,
    deadline=None,
    database=None,
    derandomize=True,
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def undone():
    """Let each example begin where the first did."""
    cache.clear()
    mark = transaction.savepoint()
    yield
    transaction.savepoint_rollback(mark)
