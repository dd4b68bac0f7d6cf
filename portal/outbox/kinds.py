"""Kinds of letters that people may do without. What is not of a kind is always sent: it is needed, or was asked for.

An app declares its kinds beside its handlers; a person's choices are the names in ``declined_letters``. Whoever
declines a kind is not written to, however long ago the letter was recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import override

from portal.conf import conf

SALT = "portal.outbox.kinds"
PAGE = "stop_letters"  # the name of the page where one kind is declined without signing in


class UnknownToken(Exception):
    """The token was not made here, or its person or kind is gone."""


@dataclass(frozen=True)
class Kind:
    """Letters of one kind: ``label`` names them in the preferences, ``why`` tells in the letter why it came."""

    name: str
    label: str | Promise
    why: str | Promise
    offered_to: Callable[[Any], bool] = lambda person: True


kinds: dict[str, Kind] = {}


def declare(kind: Kind) -> None:
    """Add a kind. Raises ValueError when its name is taken."""
    if kind.name in kinds:
        raise ValueError(f"A kind of letters named {kind.name} is already declared.")
    kinds[kind.name] = kind


def offered_to(person: Any) -> list[Kind]:
    """Return the kinds that are written to people like ``person``."""
    return [kind for kind in kinds.values() if kind.offered_to(person)]


def wants(person: Any, name: str) -> bool:
    """Whether ``person`` is to be written a letter of this kind; of no kind (""), always."""
    return not name or name not in person.declined_letters


def stop_url(person: Any, name: str) -> str:
    """Return the full address, in the person's language, where letters of this kind are stopped.

    The token says who and what, and opens nothing else; it does not age, as letters do not.
    """
    token = signing.dumps([person.uuid.hex, name], salt=SALT)
    with override(person.preferred_language):
        return urljoin(conf.SITE_URL, reverse(PAGE, kwargs={"token": token}))


def read(token: str) -> tuple[Any, Kind]:
    """Return the person and the kind of a token. Raises UnknownToken."""
    try:
        number, name = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise UnknownToken from error
    person = get_user_model()._default_manager.filter(uuid=number, is_active=True).first()
    if person is None or name not in kinds:
        raise UnknownToken
    return person, kinds[name]


def headers(url: str) -> dict[str, str]:
    """Return what lets a mail program offer to stop the letters by one press (RFC 2369; RFC 8058, clause 3.1)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
