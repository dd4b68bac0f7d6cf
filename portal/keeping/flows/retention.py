"""Removing what has been kept long enough: every rule, in small batches, reported."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now

from portal.conf import conf
from portal.custody import Rule, custody
from portal.directory.models import User
from portal.keeping.flows import erasing
from portal.keeping.models import Erasure, Night

logger = logging.getLogger(__name__)

BATCH = 500
# For one rule of one night, as the broker takes a task of ten minutes for lost; the next night goes on.
ENOUGH = timedelta(seconds=40)


@dataclass(frozen=True)
class Due:
    """One rule as it stands: the days it keeps (0: for ever) and how many records are older."""

    name: str
    label: str
    days: int
    number: int
    at_zero: str  # what 0 days mean where it is not "for ever"
    own_terms: str = ""  # where its terms are set instead


def days_of(rule: Rule) -> int:
    """Return how many days the rule keeps; 0 is for ever."""
    return int(conf.RETENTION.get(rule.name, 0))


def due() -> list[Due]:
    """Return what the rules would remove now; nothing is changed."""
    found = []
    for rule in custody.rules.values():
        days = days_of(rule)
        number = _count(rule, _before(days)) if days or rule.own_terms else 0
        found.append(Due(rule.name, str(rule.label), days, number, str(rule.at_zero), str(rule.own_terms)))
    return found


def run() -> Night:
    """Apply every rule and return the report. A rule that fails is named there and keeps no other from running."""
    night = Night.objects.create()
    for rule in custody.rules.values():
        days = days_of(rule)
        if not days and not rule.own_terms:
            continue
        try:
            night.removed[rule.name] = _apply(rule, _before(days))
        except Exception:  # whatever it is, tomorrow is another night, and the report says it
            logger.exception("retention: %s failed", rule.name)
            night.failed.append(rule.name)
    night.ended_at = now()
    night.save()
    logger.info("retention: removed %s, failed %s", night.removed, night.failed)
    return night


def _apply(rule: Rule, before: datetime) -> int:
    """Remove batch after batch, each in its own transaction, so that nobody waits for long."""
    began, total = now(), 0
    while now() - began < ENOUGH:
        with transaction.atomic():
            removed = _erase_some(rule, before) if rule.erases else rule.remove_some(before, BATCH)
        total += removed
        if not removed:
            break
    return total


def _people(rule: Rule, before: datetime) -> Iterator[QuerySet[User]]:
    """Yield the people of a rule that erases, but for those who are being erased already."""
    for people in rule.old(before):
        yield people.exclude(pk__in=Erasure.objects.open().values("user"))


def _count(rule: Rule, before: datetime) -> int:
    if rule.erases:
        return sum(people.count() for people in _people(rule, before))
    return rule.count(before)


def _erase_some(rule: Rule, before: datetime) -> int:
    """Record the erasure of at most a batch of people, whom workers then erase; return of how many."""
    number = 0
    for people in _people(rule, before):
        for user in people[: BATCH - number]:
            number += erasing.let_go(user=user)
    return number


def _before(days: int) -> datetime:
    return now() - timedelta(days=days)
