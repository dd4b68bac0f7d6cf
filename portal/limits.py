"""Limits on guessing: so many failures from one address, or about one thing, in a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from ipaddress import ip_network

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Limit:
    """At most ``times`` failures in a window of ``seconds`` that begins with the first of them."""

    name: str
    times: int
    seconds: int

    def reached(self, subject: str) -> bool:
        """Whether ``subject`` has used up its failures."""
        return int(cache.get(self._key(subject), 0)) >= self.times

    def count(self, subject: str) -> None:
        """Count one failure."""
        key = self._key(subject)
        if not cache.add(key, 1, timeout=self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it expired between the two
                cache.set(key, 1, timeout=self.seconds)

    def _key(self, subject: str) -> str:
        return f"limit:{self.name}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"


def address_of(request: HttpRequest) -> str:
    """Return the visitor's network address, by the same rule as the limits on signing in.

    Of IPv6 the first 64 bits: the rest is for one household to vary (RFC 6177).
    """
    address = str(get_adapter().get_client_ip(request) or "")
    return str(ip_network(f"{address}/64", strict=False)) if ":" in address else address
