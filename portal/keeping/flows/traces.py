"""A person's name where others wrote it: in the log of what was done, in deliveries and their errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.functions import Cast
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.custody import custody, found
from portal.directory.models import User
from portal.outbox.models import Delivery

MARK = "…"


def words_of(user: User) -> list[str]:
    """Return every text by which the person may be named, the longest first."""
    words = {word.strip() for holding in custody.in_order() for word in holding.words(user)}
    return sorted((word for word in words if len(word) > 1), key=len, reverse=True)


@transaction.atomic
def clear(*, user: User) -> None:
    """Take the person's name out of the log entries about their records, their addresses out of everything."""
    words = words_of(user)
    if not words:
        return
    whole = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    for entry in _entries_about(user):
        _rewrite(entry, whole)
    addresses = [word for word in words if "@" in word]
    for address in addresses:
        for model in (ModelLogEntry, PageLogEntry):
            for entry in _naming(model.objects.all(), address, "label", "data"):
                _rewrite(entry, whole)
        rows = _naming(Delivery.objects.all(), address, "payload", "last_error", "key")
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(payload={}, last_error="")


def _entries_about(user: User) -> Iterable[ModelLogEntry]:
    """Yield the log entries about the person and about every record of theirs."""
    for holding in custody.in_order():
        for label, lookup in holding.records.items():
            records = found(label, lookup, user)
            if records is None:
                continue
            kind = ContentType.objects.get_for_model(records.model)
            keys = [str(key) for key in records.values_list("pk", flat=True)]
            for start in range(0, len(keys), 500):
                about = ModelLogEntry.objects.filter(
                    content_type=kind, object_id__in=keys[start : start + 500]
                )
                yield from about


def _naming(rows: models.QuerySet[Any], text: str, *columns: str) -> list[Any]:
    """Return the rows in which ``text`` stands, in JSON also as JSON writes letters that are not ASCII."""
    spellings = {text, json.dumps(text)[1:-1]}
    wanted = models.Q()
    for column in columns:
        rows = rows.annotate(**{f"{column}_text": Cast(column, models.TextField())})
        for spelling in spellings:
            wanted |= models.Q(**{f"{column}_text__icontains": spelling})
    return list(rows.filter(wanted))


def _rewrite(entry: Any, whole: re.Pattern[str]) -> None:
    label, data = whole.sub(MARK, entry.label), _without(entry.data, whole)
    if (label, data) != (entry.label, entry.data):
        type(entry).objects.filter(pk=entry.pk).update(label=label, data=data)


def _without(value: Any, whole: re.Pattern[str]) -> Any:
    """Return JSON with the words taken out of its texts."""
    if isinstance(value, str):
        return whole.sub(MARK, value)
    if isinstance(value, list):
        return [_without(item, whole) for item in value]
    if isinstance(value, dict):
        return {key: _without(item, whole) for key, item in value.items()}
    return value
