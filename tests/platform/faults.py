"""Faults on purpose: which calls are hit, and what goes wrong.

A rule is a JSON object: `mode`, `rate` (0..1 of the matching calls), `only` (a service or a list of
services; none means every service call), `count` (stop after so many hits), `seconds`, `seed`, and for
the mode `answer` also `status`, `headers`, `body`, `repeat`, `gzip`. `{n}` and `{self}` in a header or
body become the number of the hit and the URL of the request. Several rules may stand at once; the
first that hits wins. Rules survive a restart; their dice and counters start anew.
"""

from __future__ import annotations

import gzip
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Response

from .store import Store

MODES = (
    "none",
    "503",
    "429",
    "slow",
    "reset",
    "drop_before",
    "drop_after_apply",
    "error_after_apply",
    "answer",
    "cut",
    "drip",
)
SERVICES = ("token", "lineitems", "lineitem", "scores", "results", "members", "jwks", "auth", "deep_link")
SERVICES += ("configuration", "registration")
NOT_BY_DEFAULT = ("jwks", "auth", "deep_link", "configuration", "registration")
AFTER = ("drop_after_apply", "error_after_apply", "cut", "drip")
BUSY_PAGE = "<!DOCTYPE html><html lang='en'><title>Error</title><h1>{status}</h1><p>Try again.</p></html>"


class BadRule(ValueError):
    """A fault rule that makes no sense."""


class Rule:
    """One fault rule with its dice."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.mode = str(data.get("mode", "none"))
        if self.mode not in MODES:
            raise BadRule(f"mode must be one of {', '.join(MODES)}")
        only = data.get("only") or [name for name in SERVICES if name not in NOT_BY_DEFAULT]
        self.only = [only] if isinstance(only, str) else list(only)
        unknown = set(self.only) - set(SERVICES)
        if unknown:
            raise BadRule(f"unknown services {sorted(unknown)}; known are {', '.join(SERVICES)}")
        self.rate = float(data.get("rate", 1))
        self.left = int(data["count"]) if data.get("count") is not None else -1
        self.seconds = float(data.get("seconds", 1))
        self.data = data
        self.hits = 0
        self._dice = random.Random(data.get("seed", 0))

    def hit(self, service: str) -> bool:
        """Throw the dice for one call."""
        if self.mode == "none" or service not in self.only or self.left == 0:
            return False
        if self._dice.random() >= self.rate:
            return False
        self.left -= self.left > 0
        self.hits += 1
        return True


class Fault:
    """A fault that was drawn for one call."""

    def __init__(self, rule: Rule, number: int) -> None:
        self.mode = rule.mode
        self.after = rule.mode in AFTER
        self._rule = rule
        self._number = number

    def before(self, url: str, environ: dict[str, Any]) -> Response | None:
        """What to answer instead of doing the work; None means do it."""
        if self.mode == "slow":
            time.sleep(self._rule.seconds)
            return None
        if self.mode in ("503", "429"):
            after = str(self._rule.data.get("retry_after", int(self._rule.seconds)))
            page = BUSY_PAGE.format(status=self.mode)
            return Response(page, int(self.mode), {"Retry-After": after}, mimetype="text/html")
        if self.mode == "answer":
            return self._canned(url)
        if self.mode == "reset":
            sock: socket.socket = environ["werkzeug.socket"]
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return NoAnswer()
        return NoAnswer() if self.mode == "drop_before" else None

    def afterwards(self, response: Response) -> Response:
        """What to answer once the work is done."""
        if self.mode == "drop_after_apply":
            return NoAnswer()
        if self.mode == "error_after_apply":
            return Response(BUSY_PAGE.format(status=500), 500, mimetype="text/html")
        if self.mode in ("cut", "drip"):
            return self._piecemeal(response)
        return response

    def _fill(self, text: str, url: str) -> str:
        return text.replace("{n}", str(self._number)).replace("{self}", url)

    def _canned(self, url: str) -> Response:
        data = self._rule.data
        body = self._fill(str(data.get("body", "")), url).encode() * int(data.get("repeat", 1))
        headers = {name: self._fill(str(value), url) for name, value in data.get("headers", {}).items()}
        if data.get("gzip"):
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        headers.setdefault("Content-Type", "text/html; charset=utf-8")
        return Response(body, int(data.get("status", 200)), headers)

    def _piecemeal(self, response: Response) -> Response:
        body = response.get_data() or b"{}"
        pause = self._rule.seconds / max(len(body), 1)

        def cut() -> Iterator[bytes]:
            yield body[: len(body) // 2]
            raise ConnectionAbortedError("cut on purpose")

        def drip() -> Iterator[bytes]:
            for byte in body:
                time.sleep(pause)
                yield bytes([byte])

        pieces = cut() if self.mode == "cut" else drip()
        slow = Response(pieces, response.status, mimetype=response.mimetype, direct_passthrough=True)
        slow.headers["Content-Length"] = str(len(body))
        return slow


class NoAnswer(Response):
    """Closes the connection without a byte of answer (werkzeug's server lets ConnectionError through)."""

    def __init__(self) -> None:
        super().__init__("", 500)

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Raise instead of answering."""
        raise ConnectionAbortedError("dropped on purpose")


class Faults:
    """The rules in force."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._rules = [Rule(data) for data in store.setting("faults", [])]

    def set(self, data: Any) -> None:
        """Replace the rules by one rule, a list of rules, or {"rules": [...]}. Raises BadRule."""
        found = data.get("rules", [data]) if isinstance(data, dict) else data
        if not isinstance(found, list) or not all(isinstance(rule, dict) for rule in found):
            raise BadRule("a rule is a JSON object")
        rules = [Rule(rule) for rule in found]
        with self._lock:
            self._rules = [rule for rule in rules if rule.mode != "none"]
            self._store.set_setting("faults", [rule.data for rule in self._rules])

    def describe(self) -> list[dict[str, Any]]:
        """The rules with the number of their hits."""
        return [{**rule.data, "hits": rule.hits} for rule in self._rules]

    def draw(self, service: str) -> Fault | None:
        """The fault that befalls this call, if any."""
        with self._lock:
            for rule in self._rules:
                if rule.hit(service):
                    return Fault(rule, rule.hits)
        return None
