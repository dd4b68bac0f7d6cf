"""Our keys in turn: next (published, so that platforms know it) → signing → retired (published, so that what it
signed can still be checked) → gone.

A platform that keeps our key set without an end, as Moodle does, asks again when it meets a new name; one that keeps
it for a while has read the next key before it is used. Source: 1EdTech Security Framework 1.0, 6.3 (keys are rotated
by publishing several); NIST SP 800-57 part 1, 5.3 (a key has a term).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import now
from lti_tool.models import Key
from wagtail.log_actions import log

from lti.flows import keys
from lti.models import SigningKey
from portal.conf import conf


class NoSuchKey(Exception):
    """No retired or next key has this name. The key that signs cannot be withdrawn: rotate first."""


@dataclass(frozen=True)
class KeyRow:
    """A published key: what it is for, and since when."""

    kid: str
    role: str
    since: datetime


def published() -> list[KeyRow]:
    """Return the published keys: the signing one, the next, the retired."""
    keys.current()
    rows = SigningKey.objects.select_related("key").order_by("pk")
    found = [KeyRow(str(row.key), row.slot.partition("-")[0], row.since) for row in rows]
    return sorted(found, key=lambda row: ("signing", "next", "retired").index(row.role))


def turn(*, moment: datetime | None = None) -> list[str]:
    """Do what is due: announce the next key, let it sign, remove retired ones. Return what was done, in codes.

    Runs each night; doing it again, or twice at once, does nothing more. Terms: conf.SIGNING_KEYS, in days.
    """
    moment = moment or now()
    keys.current()
    terms = {name: timedelta(days=days) for name, days in conf.SIGNING_KEYS.items()}
    done = []
    with transaction.atomic():
        slots = _slots()
        signing, following = slots[SigningKey.SIGNING], slots.get(SigningKey.NEXT)
        due = signing.since + terms["signs"]
        if following is None and due - terms["announced"] <= moment:
            _announce(moment)
            done.append("announced")
        elif following is not None and max(due, following.since + terms["announced"]) <= moment:
            _promote(signing, following, moment)
            done.append("promoted")
        for slot, row in slots.items():
            if slot.startswith(SigningKey.RETIRED) and row.since + terms["overlap"] <= moment:
                _remove(row)
                done.append("removed")
    return done


@transaction.atomic
def rotate(*, by: Any = None) -> list[KeyRow]:
    """Let the next key sign now, one made now if none was announced. The former stays published for its overlap."""
    keys.current()
    moment, slots = now(), _slots()
    following = slots.get(SigningKey.NEXT) or _announce(moment)
    _promote(slots[SigningKey.SIGNING], following, moment, by)
    return published()


@transaction.atomic
def withdraw(*, kid: str, by: Any = None) -> None:
    """Take a retired or announced key out of the key set at once (its secret got out). Raises NoSuchKey."""
    for slot, row in _slots().items():
        if slot != SigningKey.SIGNING and str(row.key) == kid:
            log(row.key, "lti.key_withdrawn", user=by, data={"kid": kid})
            _remove(row)
            return
    raise NoSuchKey


def _slots() -> dict[str, SigningKey]:
    """Return all rows by slot, locked until the transaction ends."""
    rows = SigningKey.objects.select_for_update(of=("self",)).select_related("key")
    return {row.slot: row for row in rows.order_by("pk")}


def _announce(moment: datetime) -> SigningKey:
    return SigningKey.objects.create(slot=SigningKey.NEXT, key=Key.objects.generate(), since=moment)


def _promote(signing: SigningKey, following: SigningKey, moment: datetime, by: Any = None) -> None:
    """Retire the signing key, whose private half is forgotten, and let ``following`` sign."""
    former = signing.key
    former.private_key = ""
    former.save(update_fields=["private_key", "datetime_modified"])
    signing.slot, signing.since = f"{SigningKey.RETIRED}{former.pk}", moment
    signing.save(update_fields=["slot", "since"])
    following.slot, following.since = SigningKey.SIGNING, moment
    following.save(update_fields=["slot", "since"])
    log(following.key, "lti.key_rotated", user=by, data={"from": str(former), "to": str(following.key)})


def _remove(row: SigningKey) -> None:
    row.delete()
    row.key.delete()
