"""Limits on guessing: so many failures from one address, or about one thing, in a while."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.core.cache import cache


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


UNKNOWN_TOKENS = Limit("unknown-token", times=30, seconds=600)  # by network address
WRONG_SURNAMES = Limit("wrong-surname", times=10, seconds=600)  # by network address
# by certificate asked about and network address: whoever guesses shuts out themselves alone
WRONG_SURNAMES_OF_ONE = Limit("wrong-surname-of", times=20, seconds=3600)
# by certificate asked about, from everywhere: against guessing from many addresses
WRONG_SURNAMES_FROM_ALL = Limit("wrong-surname-from-all", times=300, seconds=3600)
