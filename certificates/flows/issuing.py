"""Issuing a credential: once for a completion, with the next number of the register."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from wagtail.log_actions import log
from wagtail.models import Site

from certificates.models import CertificateSettings, Credential, Register
from courses.models import Completion
from portal.directory.models import User
from portal.outbox.recording import record

SERIES = "K"


class NoCertificate(Exception):
    """The course, as it was when it was completed, gives no certificate."""


class NameMissing(Exception):
    """The person has not given the name that would be printed; they are asked for it in My learning."""


@transaction.atomic
def issue(*, completion: Completion) -> Credential:
    """Issue the completion's credential, or return the one there is.

    Raises NoCertificate and NameMissing. The person's row is locked first, so that two workers, or
    a worker and the person typing a name, come one after the other.
    """
    enrolment, version = completion.enrolment, completion.course_version
    if not version.payload.get("certificate"):
        raise NoCertificate
    holder = User.objects.select_for_update().get(pk=enrolment.user_id)
    same = Q(completion=completion) | Q(holder=holder, achievement_id=enrolment.course_id)
    issued = Credential.objects.filter(same).first()
    if issued is not None:
        return issued
    if not holder.has_name:
        raise NameMissing
    credential = Credential.objects.create(
        number=_draw_number(),
        holder=holder,
        achievement_id=enrolment.course_id,
        completion=completion,
        snapshot=_snapshot(completion, holder),
    )
    log(credential, "certificates.issued", data={"number": credential.number})
    record("certificates.credential_issued", credential_id=credential.pk)
    return credential


def _draw_number() -> str:
    """Draw the year's next number under the register's lock; it is given back if the transaction fails."""
    year = localdate().year
    register, _created = Register.objects.select_for_update().get_or_create(series=SERIES, year=year)
    register.last_number += 1
    register.save(update_fields=["last_number"])
    return register.number()


def _snapshot(completion: Completion, holder: User) -> dict[str, Any]:
    """Freeze all that is printed."""
    version = completion.course_version
    settings = CertificateSettings.for_site(Site.objects.get(is_default_site=True))
    return {
        "holder_name": _one_line(holder.get_full_name()),
        "surname": _one_line(holder.last_name),
        "title": str(version.payload["title"]),
        "competences": str(version.payload.get("competences") or ""),
        "hours": int(version.payload.get("hours") or 0),
        "period_from": localdate(completion.enrolment.started_at).isoformat(),
        "period_to": localdate(completion.completed_at).isoformat(),
        "issued_on": localdate().isoformat(),
        "language": version.language,
        **settings.in_language(version.language),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
