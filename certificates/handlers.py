"""What happens after a course is completed: issue, then render; each once, whatever fails between."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from certificates.flows import issuing, rendering
from certificates.models import Credential
from courses.models import Completion
from portal.outbox.kinds import Kind, declare
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles

declare(
    Kind(
        name=rendering.LETTERS,
        label=_("Certificates: a letter when one is ready"),
        why=_("You get it because you earned a certificate."),
    )
)


def _per_completion(payload: Payload) -> list[Plan]:
    return [Plan(key=f"completion:{payload['completion_id']}", payload=payload)]


def _per_credential(payload: Payload) -> list[Plan]:
    return [Plan(key=f"credential:{payload['credential_id']}", payload=payload)]


@handles(
    "courses.enrolment_completed",
    name="certificates.issue",
    plan=_per_completion,
    label=_("Issuing of a certificate"),
)
def issue(attempt: Attempt) -> Outcome:
    """Issue the certificate, where the course gives one and the person has a name."""
    completions = Completion.objects.select_related("enrolment", "course_version")
    completion = completions.filter(pk=attempt.payload["completion_id"]).first()
    if completion is None:
        return Outcome("gone", state="superseded")
    try:
        issuing.issue(completion=completion)
    except issuing.NoCertificate:
        return Outcome("none due")
    except issuing.NameMissing:
        return Outcome("waits for a name")
    return Outcome("issued")


@handles(
    "certificates.credential_issued",
    name="certificates.render",
    plan=_per_credential,
    label=_("Certificate PDF"),
)
def render(attempt: Attempt) -> Outcome:
    """Make the PDF, and record the letter that tells of it."""
    credential = (
        Credential.objects.select_related("holder").filter(pk=attempt.payload["credential_id"]).first()
    )
    if credential is None or credential.holder is None:  # erased: nobody's name could be printed
        return Outcome("gone", state="superseded")
    rendering.render(credential=credential)
    return Outcome("rendered")
