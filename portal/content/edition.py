"""Which edition of what stands around every page is the newest: one word in the cache.

What is made of settings and pages is kept together with the edition it was read under. Whoever changes one of them
renews the edition, at once and again when the change is committed: what another process read in between is thrown
away with the edition it was read under.
"""

from __future__ import annotations

from uuid import uuid4

from django.core.cache import cache
from django.db import transaction

KEY = "content:edition"


def renew() -> None:
    """Let nothing that was kept so far be taken for current, from this moment and from the commit on."""
    _next()
    transaction.on_commit(_next)


def _next() -> None:
    cache.set(KEY, uuid4().hex, None)


def begin() -> str:
    """Return the edition there is, or make the first; of several that make it at once, one counts."""
    return str(cache.get_or_set(KEY, lambda: uuid4().hex, None))
