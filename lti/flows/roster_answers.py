"""What a platform answers when asked who is in a course, checked member by member.

Either a page is sound as a whole or it is not read at all: a list that we half understand must not cost anybody
their place. Names may be missing; an identifier may not, and nothing may be of another type than it should.
Source: Names and Role Provisioning Services 2.0, 2.2–2.4; RFC 8288 (links in a header).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urldefrag, urljoin

from lti.flows.addresses import origin
from lti.flows.claims import TEACHING, context_roles
from lti.flows.text import is_identifier, person_names
from lti.models import RosterMember

STATUSES = {"Active": True, "Inactive": False, "Deleted": False}
SHORT_ROLE = re.compile(r"[A-Za-z]{1,60}")
MOST_ROLES = 100
LONGEST_HEADER = 8_000
PARAMETER = r"""\s*;\s*([\w!#$&+\-.^`|~*]+)(?:\s*=\s*(?:"([^"]*)"|([^\s",;]+)))?"""
LINK = re.compile(rf"<([^<>]*)>((?:{PARAMETER})*)")
ONE_PARAMETER = re.compile(PARAMETER)

Role = RosterMember.Role


class NotRead(Exception):
    """The list could not be read. ``code`` tells people why, ``detail`` experts; ``again``: it may pass by itself."""

    def __init__(
        self, code: str, detail: str = "", *, again: bool = False, wait: timedelta | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.again = again
        self.wait = wait


@dataclass(frozen=True)
class Listed:
    """Somebody on the list; ``active`` is False for whom it names as inactive or deleted."""

    subject: str
    given_name: str
    family_name: str
    role: str
    active: bool

    def merged(self, other: Listed) -> Listed:
        """Return what two entries about the same person say together."""
        named = self if self.given_name or self.family_name else other
        order = [Role.TEACHER, Role.LEARNER, Role.OTHER]
        return Listed(
            subject=self.subject,
            given_name=named.given_name,
            family_name=named.family_name,
            role=min(self.role, other.role, key=lambda role: order.index(Role(role))),
            active=self.active or other.active,
        )


def members_of(document: Any, *, context_id: str) -> list[Listed]:
    """Return the people on one page of the list. Raises NotRead when anything of it is not as it should be."""
    rows = document.get("members") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise NotRead("unreadable", "no list of members")
    context = document.get("context")
    told = context.get("id") if isinstance(context, dict) else None
    if context_id and isinstance(told, str) and told and told != context_id:
        raise NotRead("another", "the list of another context")
    return [_member(row) for row in rows]


def _member(row: Any) -> Listed:
    if not isinstance(row, dict) or not is_identifier(row.get("user_id")):
        raise NotRead("unreadable", "a member without an identifier")
    given, family = person_names(row)
    return Listed(row["user_id"], given, family, _role(row.get("roles")), _is_active(row.get("status")))


def _is_active(status: Any) -> bool:
    """Whoever comes without a status is active (NRPS 2.0, 2.3)."""
    if status is None:
        return True
    if not isinstance(status, str) or status not in STATUSES:
        raise NotRead("unreadable", "a member with an unknown status")
    return STATUSES[status]


def _role(roles: Any) -> str:
    """Return the one role the class view knows. Short names are roles in the context (LTI 1.3, A.2.3), Moodle's way."""
    told: list[Any] = [] if roles is None else roles
    if not isinstance(told, list) or len(told) > MOST_ROLES or not all(isinstance(one, str) for one in told):
        raise NotRead("unreadable", "a member whose roles are no list of text")
    names = context_roles(told) | {one for one in told if SHORT_ROLE.fullmatch(one)}
    if TEACHING & names:
        return Role.TEACHER
    return Role.LEARNER if "Learner" in names or not told else Role.OTHER


def together(members: Iterable[Listed], found: dict[str, Listed]) -> None:
    """Add ``members`` to those ``found`` by their identifiers; somebody named twice is one person."""
    for member in members:
        known = found.get(member.subject)
        found[member.subject] = known.merged(member) if known else member


def next_page(header: str, *, url: str) -> str:
    """Return the address of the page after ``url`` as the Link header tells it, letter by letter; "" on the last page.

    It must be on the very origin of ``url``, for our token goes with the call. Raises NotRead for one elsewhere, and
    for a header that speaks of a next page in a way that cannot be read.
    """
    if len(header) > LONGEST_HEADER:
        raise NotRead("unreadable", "links too long to be read")
    doubtful = "next" in LINK.sub("", header).lower()
    for found in LINK.finditer(header):
        for name, quoted, plain in ONE_PARAMETER.findall(found[2]):
            relations = (quoted or plain).lower()
            if name.lower() == "rel" and "next" in relations.split():
                return _on_same_origin(found[1].strip(), url)
            doubtful |= name.lower() == "rel" and (not relations or "next" in relations)
    if doubtful:
        raise NotRead("unreadable", "a link to the next page that cannot be read")
    return ""


def _on_same_origin(target: str, url: str) -> str:
    try:
        following = urldefrag(urljoin(url, target)).url
    except ValueError:
        raise NotRead("unreadable", "a next page that is no address") from None
    if not origin(following) or origin(following) != origin(url):
        raise NotRead("elsewhere", "the next page is on another host")
    return following
