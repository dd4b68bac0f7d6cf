"""Requests nobody's browser would send, drawn by chance: an address of the URLconf, a person, and what is in them.

A drawn request holds no key of a record, only which one of those there are is meant: so the same dice make the
same request in every run.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.forms import BaseForm
from django.test.client import BOUNDARY, encode_multipart
from django.urls import get_resolver
from django.utils.regex_helper import normalize
from django.utils.translation import override
from hypothesis import strategies as st

from tests.security.odd import HEADERS, JSON, NAMES, ODD, ODD_BYTES
from tests.security.outcomes import IN
from tests.security.table import TABLE
from tests.security.test_every_address import addresses, is_ours
from tests.security.world import PEOPLE, TERRITORIES, World

METHODS = [
    "get",
    "get",
    "get",
    "head",
    "post",
    "post",
    "post",
    "put",
    "delete",
    "options",
    "patch",
    "trace",
    "odd",
]
SAFE = {"get", "head", "options", "trace"}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf: its name, a format of the path, and the names of what stands in it."""

    name: str
    form: str
    parameters: tuple[str, ...]
    ours: bool


@dataclass(frozen=True)
class Known:
    """One of the real values that fit, whichever they are in this run."""

    number: int


@dataclass(frozen=True)
class Own:
    """What the table puts there: of a thing of that territory, or an argument of its own."""

    thing: str
    territory: str
    arguments: dict[Any, Any]


@dataclass(frozen=True)
class Asked:
    """One drawn request."""

    address: Address
    person: str
    method: str
    language: str = "lt"
    path: tuple[Any, ...] = ()
    query: tuple[tuple[str, Any], ...] = ()
    kind: str = "form"
    fields: tuple[tuple[str, Any], ...] = ()
    document: Any = None
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@cache
def every_address() -> list[Address]:
    """Return all addresses of the URLconf, in its order."""
    found = []
    with override("lt"):
        for route, spaces, pattern in addresses(get_resolver()):
            as_regex = re.sub(r"(?<!\?P)<(?:\w+:)?(\w+)>", r"(?P<\1>.)", route)
            for form, parameters in normalize(as_regex):
                name = ":".join([*spaces, pattern.name or route])
                found.append(Address(name, form, tuple(parameters), is_ours(route, spaces, pattern)))
    return found


@cache
def field_names() -> list[str]:
    """Return the names of the fields of all forms of ours and Wagtail's, once the URLconf has loaded them."""
    every_address()
    found, waiting = set(), [BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        found |= set(getattr(form, "base_fields", {}))
    return sorted(found | {name for row in TABLE for name in row.data})


# Drawing ----------------------------------------------------------------------------------------

known = st.integers(0, 11).map(Known)
value = st.one_of(known, st.sampled_from(ODD), st.text(max_size=20))
header = st.sampled_from(sorted(HEADERS)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name]))
)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=4)


queries = st.one_of(st.just([]), pairs, pairs.map(lambda some: some[:1] * 1000))


@st.composite
def requests_spoilt(draw: Any) -> Asked:
    """Draw a row of the table of addresses, asked by somebody who may, and something in it spoilt."""
    row = draw(st.sampled_from(TABLE))
    territory = draw(st.sampled_from(TERRITORIES))
    allowed = [person for person in PEOPLE if row.outcome_for(person, territory) not in {IN, 403, 404}]
    asked = draw(requests_to([address for address in every_address() if address.name == row.name][:1]))
    own = tuple(Own(row.thing, territory, row.arguments) for _name in asked.address.parameters)
    changes: dict[str, Any] = {"person": draw(st.sampled_from(allowed or PEOPLE))}
    if draw(st.integers(0, 4)):
        changes["path"] = own
    if asked.kind in {"row", "form"} and asked.method not in SAFE and row.data:
        changes["fields"] = tuple(draw(_spoilt(row.data)))
    return replace(asked, **changes)


@st.composite
def requests_to(draw: Any, places: list[Address]) -> Asked:
    """Draw a request to one of ``places``."""
    address = draw(st.sampled_from(places))
    method = draw(st.sampled_from(METHODS))
    query = draw(queries)
    body = {} if method in SAFE else draw(_body(address.name))
    return Asked(
        address,
        draw(st.sampled_from(PEOPLE)),
        method,
        draw(st.sampled_from(["lt", "lt", "en"])),
        tuple(draw(st.one_of(known, known, value)) for _name in address.parameters),
        tuple(query),
        headers=dict(draw(st.lists(header, max_size=2))) if draw(st.booleans()) else {},
        **body,
    )


@st.composite
def _body(draw: Any, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["row", "row", "form", "multipart", "broken", "json", "raw"]))
    if kind == "json":
        return {"kind": kind, "document": draw(st.sampled_from(JSON))}
    if kind == "raw":
        return {"kind": kind, "raw": draw(st.one_of(st.sampled_from(ODD_BYTES), st.binary(max_size=60)))}
    fields = []
    if kind == "row":  # what the address is really sent, with something of it spoilt
        rows = [row.data for row in TABLE if row.name == name and row.data] or [{}]
        fields = draw(_spoilt(draw(st.sampled_from(rows))))
    fields += draw(st.lists(st.tuples(st.sampled_from(field_names()), value), max_size=4))
    return {"kind": "form" if kind == "row" else kind, "fields": tuple(fields)}


@st.composite
def _spoilt(draw: Any, real: dict[str, Any]) -> list[tuple[str, Any]]:
    """Draw the fields of a real form, some of them spoilt, some left out, some twice."""
    fields = []
    for key, text in real.items():
        match draw(
            st.sampled_from(["as it is", "as it is", "as it is", "spoilt", "spoilt", "left out", "twice"])
        ):
            case "as it is":
                fields.append((key, text))
            case "spoilt":
                fields.append((key, draw(value)))
            case "twice":
                fields += [(key, text), (key, draw(value))]
    return fields


# Sending ----------------------------------------------------------------------------------------


class Sender:
    """Turns what was drawn into a request and sends it."""

    def __init__(self, world: World) -> None:
        self.world = world
        things = [thing for letter in ("A", "B") for thing in world.arguments(letter).values()]
        self.values: dict[str, list[str]] = {}
        for thing in things:
            for name, text in thing.items():
                self.values.setdefault(str(name), []).append(str(text))
        page = world.course.page
        pks = [str(found.pk) for found in (page, world.course.quiz, *world.course.lessons, world.course.home)]
        self.numbers = [*pks, *self.values["pk"], "1", "2", "3"]
        self.keys = [text for text in self.values["uuid"] if UUID(text)]

    def real(self, name: str, number: int) -> str:
        """Return the ``number``-th of the values that fit where ``name`` stands."""
        paths = [
            "kursai/",
            "kursai/kursas/",
            "kursai/kursas/modulis/pamoka-1/",
            "kursai/kursas/modulis/testas/",
        ]
        fitting = {"path": paths, "_0": [*paths, *self.numbers]}.get(name) or self.values.get(name)
        if fitting is None or name == "pk":
            fitting = self.numbers if name.endswith(("id", "pk")) or number % 2 else self.keys
        return fitting[number % len(fitting)]

    def text(self, name: str, drawn: Any) -> str:
        """Return what was drawn as text; @ stands for a thing's key, as in the table."""
        if isinstance(drawn, Own):
            things = self.world.arguments(drawn.territory)
            return str(
                {**things.get(drawn.thing, {}), **drawn.arguments, "_0": drawn.arguments.get(0)}.get(
                    name, "x"
                )
            )
        if isinstance(drawn, Known):
            return self.real(name, drawn.number)
        if isinstance(drawn, str) and drawn[:1] == "@" and drawn[1:] in self.world.arguments():
            return str(self.world.arguments()[drawn[1:]]["uuid"])
        return str(drawn)

    def path(self, asked: Asked) -> str:
        """Return path and query, encoded."""
        filled = {
            name: quote(self.text(name, drawn)[:5000], safe="/", errors="surrogatepass")
            for name, drawn in zip(asked.address.parameters, asked.path, strict=True)
        }
        path = "/" + asked.address.form % filled
        if path.startswith("/lt/"):
            path = f"/{asked.language}{path[3:]}"
        longest = 20 if len(asked.query) > 100 else 100_000  # many short ones, or a few long ones
        query = [(name, self.text(name, drawn)[:longest]) for name, drawn in asked.query]
        return f"{path}?{urlencode(query, errors='surrogatepass')}" if query else path

    def body(self, asked: Asked) -> tuple[bytes, str]:
        """Return the body and what it says it is."""
        fields = [(name, self.text(name, drawn)) for name, drawn in asked.fields]
        if asked.kind == "json":
            return json.dumps(asked.document).encode(), "application/json"
        if asked.kind == "raw":
            return asked.raw, "application/json" if len(
                asked.raw
            ) % 2 else "application/x-www-form-urlencoded"
        if asked.kind == "form":
            return urlencode(fields, errors="surrogatepass").encode(), "application/x-www-form-urlencoded"
        clean = {name: text.encode("utf-8", "replace").decode() for name, text in fields}
        whole = encode_multipart(BOUNDARY, clean)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return (whole[: len(whole) * 2 // 3], kind) if asked.kind == "broken" else (whole, kind)

    def send(self, asked: Asked) -> Any:
        """Return the browser and the answer."""
        browser = self.world.browser(asked.person)
        headers = dict(asked.headers)
        if "HTTP_COOKIE" in headers:  # beside the session's, not in its place
            own = f"sessionid={browser.cookies['sessionid'].value}; " if asked.person != "anonymous" else ""
            headers["HTTP_COOKIE"] = own + headers["HTTP_COOKIE"]
        data, kind = self.body(asked) if asked.method not in SAFE else (b"", "application/octet-stream")
        method = "FROBNICATE" if asked.method == "odd" else asked.method.upper()
        return browser, browser.generic(method, self.path(asked), data, kind, **headers)
