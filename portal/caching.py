"""The cache many machines share. Whatever it holds can be found out again, so its absence is no error.

One thing is not: how often somebody has guessed. While Redis is away, each process counts that by itself, so limits
are then as many times wider as there are processes, but they hold.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

# How the keys of limits begin: allauth's (allauth.core.internal.ratelimit, which uses the default cache), and ours.
COUNTED = ("allauth:rl:", "limit:")


def _own_counts() -> LocMemCache:
    """Return the counts of this process, one store for all its threads."""
    return LocMemCache("limits-without-redis", {"OPTIONS": {"MAX_ENTRIES": 20_000}})


def _or(otherwise: T, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``call`` returns, or ``otherwise`` when Redis does not answer."""
    try:
        return call(*args, **kwargs)
    except RedisError as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
        return otherwise


class ForgivingRedisCache(RedisCache):
    """Redis that is empty while it is away: pages come slower, nobody sees an error; limits go on being counted."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._one("get", default, key, default, version)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return _or({}, super().get_many, keys, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._one("set", None, key, value, *args, **kwargs)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return _or(list(data), super().set_many, data, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Add, and say so also when nobody noted it: who asked goes on with the work."""
        return bool(self._one("add", True, key, value, *args, **kwargs))

    def incr(self, key: Any, *args: Any, **kwargs: Any) -> int:
        """Count on. Raises ValueError where there is nothing to add to, so also when nobody noted it."""
        count = self._one("incr", None, key, *args, **kwargs)
        if count is None:
            raise ValueError("The cache does not answer.")
        return int(count)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(self._one("touch", False, key, *args, **kwargs))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._one("delete", False, key, version))

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        return _or(None, super().delete_many, keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._one("has_key", False, key, version))

    def clear(self) -> None:
        _or(None, super().clear)

    def _one(self, name: str, otherwise: Any, key: Any, *args: Any, **kwargs: Any) -> Any:
        """Do what ``name`` says with one key; without Redis count here what must be, else return ``otherwise``."""
        try:
            return getattr(RedisCache, name)(self, key, *args, **kwargs)
        except RedisError as error:
            logger.warning("The cache does not answer: %s", type(error).__name__)
        if str(key).startswith(COUNTED):
            return getattr(_own_counts(), name)(key, *args, **kwargs)
        return otherwise
