"""What works once and not for ever: begun launches, tickets, teachers' choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models


class OnceQuerySet(models.QuerySet[Any]):
    """Questions asked about rows that are used up by their first use."""

    def usable(self, moment: datetime) -> Self:
        """Return those neither used nor expired."""
        return self.filter(used_at__isnull=True, expires_at__gt=moment)

    def consume(self, *, pk: int, moment: datetime, **forgotten: Any) -> bool:
        """Use the row up, with ``forgotten`` as the values it keeps from now on.

        One conditional UPDATE: of any number of callers exactly one gets True.
        """
        return bool(self.usable(moment).filter(pk=pk).update(used_at=moment, **forgotten))


class Once(models.Model):
    """A row that works once, until it expires. ``expires_at`` is each model's own."""

    expires_at: models.DateTimeField[Any, Any]
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OnceQuerySet.as_manager()

    class Meta:
        abstract = True
