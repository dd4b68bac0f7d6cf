"""What a worker does: make an export, carry an erasure out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.custody import ERASURE_WISHED
from portal.directory.models import User
from portal.keeping.flows import erasing, exporting, wishes
from portal.keeping.models import Erasure, Export
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles

TRIES_WITH_LETTER = 5  # about three quarters of an hour; then the erasure goes on without its letter


def _plan_export(payload: Payload) -> list[Plan]:
    return [Plan(key=f"export:{payload['export_id']}", payload=payload)]


def _plan_erasure(payload: Payload) -> list[Plan]:
    return [Plan(key=f"erasure:{payload['erasure_id']}", payload=payload)]


def _plan_proposal(payload: Payload) -> list[Plan]:
    return [Plan(key=f"wish:{payload['key']}", payload=payload)]


@handles(exporting.ASKED, name="keeping.export", plan=_plan_export, label=_("A person's own data"))
def export(attempt: Attempt) -> Outcome:
    """Make an export."""
    wanted = Export.objects.waiting().select_related("user").filter(pk=attempt.payload["export_id"]).first()
    if wanted is None:
        return Outcome("no longer needed", state="superseded")
    exporting.make(export=wanted)
    return Outcome("made")


@handles(erasing.DUE, name="keeping.erase", plan=_plan_erasure, label=_("Erasure of a person"))
def erase(attempt: Attempt) -> Outcome:
    """Carry an erasure out, or what is left of it."""
    wanted = Erasure.objects.select_related("user").filter(pk=attempt.payload["erasure_id"]).first()
    if wanted is None:
        return Outcome("gone", state="superseded")
    done = erasing.carry_out(erasure=wanted, last_try=attempt.attempts >= TRIES_WITH_LETTER)
    return Outcome("erased") if done else Outcome("no longer wanted", state="superseded")


@handles(
    ERASURE_WISHED,
    name=wishes.HANDLER,
    plan=_plan_proposal,
    label=_("Request to erase a person, to be decided"),
)
def propose(attempt: Attempt) -> Outcome:
    """Put somebody's wish before the administrators."""
    person = User.objects.filter(pk=attempt.payload["person_id"], erased_at__isnull=True).first()
    if person is None:
        return Outcome("gone", state="superseded")
    try:
        wishes.propose(user=person, asker=attempt.payload["asker"], through=attempt.payload["through"])
    except erasing.AlreadyAsked:
        return Outcome("asked already", state="superseded")
    return Outcome("to be decided")
