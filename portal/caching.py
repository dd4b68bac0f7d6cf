"""The cache many machines share. Whatever it holds can be found out again, so its absence is no error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


def _or(otherwise: T, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``call`` returns, or ``otherwise`` when Redis does not answer."""
    try:
        return call(*args, **kwargs)
    except RedisError as error:
        logger.warning("The cache does not answer: %s", type(error).__name__)
        return otherwise


class ForgivingRedisCache(RedisCache):
    """Redis that is empty while it is away: pages come slower, nobody sees an error."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, super().get, key, default, version)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        return _or({}, super().get_many, keys, version)

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        return _or(None, super().set, key, value, *args, **kwargs)

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        return _or(list(data), super().set_many, data, *args, **kwargs)

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        """Add, and say so also when nobody noted it: who asked goes on with the work."""
        return _or(True, super().add, key, value, *args, **kwargs)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> bool:
        return _or(False, super().touch, key, *args, **kwargs)

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, super().delete, key, version)

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        return _or(None, super().delete_many, keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return _or(False, super().has_key, key, version)

    def clear(self) -> None:
        _or(None, super().clear)
