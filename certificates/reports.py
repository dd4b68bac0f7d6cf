"""What a person holds, for My learning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from certificates.models import Credential, waiting_completions
from portal.directory.models import User


@dataclass(frozen=True)
class MyCertificate:
    """One certificate of one's own; ``pdf_url`` is None while the file is being made."""

    number: str
    title: str
    language: str
    hours: int  # academic hours
    issued_on: date
    is_valid: bool
    pdf_url: str | None
    verify_url: str


class Waiting(NamedTuple):
    """A completed course whose certificate is still to come, in the language of the certificate."""

    title: str
    language: str


@dataclass(frozen=True)
class MyCertificates:
    """One's certificates, and the completed courses whose certificate is still to come.

    ``name_url`` is where to type the name they wait for; None when they only have to be made.
    """

    issued: list[MyCertificate]
    waiting: list[Waiting]
    name_url: str | None

    def __bool__(self) -> bool:
        return bool(self.issued or self.waiting)


def of(user: User | AnonymousUser) -> MyCertificates:
    """Return what ``user`` holds and waits for (two queries)."""
    if not isinstance(user, User):
        return MyCertificates([], [], None)
    issued = [_mine(credential) for credential in Credential.objects.of(user).select_related("file")]
    rows = waiting_completions(user).values_list("course_version__payload__title", "course_version__language")
    waiting = [Waiting(*row) for row in rows]
    asks = bool(waiting) and not user.has_name
    return MyCertificates(issued, waiting, reverse("certificates:name") if asks else None)


def _mine(credential: Credential) -> MyCertificate:
    frozen = credential.snapshot
    return MyCertificate(
        number=credential.number,
        title=frozen["title"],
        language=credential.language,
        hours=frozen["hours"],
        issued_on=date.fromisoformat(frozen["issued_on"]),
        is_valid=credential.is_valid,
        pdf_url=reverse("certificates:pdf", args=[credential.uuid]) if hasattr(credential, "file") else None,
        verify_url=reverse("certificates:verify", args=[credential.token]),
    )
