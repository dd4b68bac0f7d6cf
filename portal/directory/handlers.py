"""Sending the letters whose links are made on the way out."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.directory.flows import letters, tidings
from portal.directory.scope import scope_of
from portal.outbox.kinds import Kind, declare
from portal.outbox.letters import Letter, post
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles

declare(
    Kind(
        name=tidings.WAITING,
        label=_("My libraries: a letter when somebody waits for my confirmation"),
        why=_("You get it because you confirm who works in a library."),
        offered_to=lambda person: scope_of(person).decides,
    )
)


def _per_key(payload: Payload) -> list[Plan]:
    return [Plan(key=payload["key"], payload=payload)]


def _post(letter: Letter | None) -> Outcome:
    return post(letter) if letter else Outcome("no longer needed", state="superseded")


@handles(
    letters.CLAIMED,
    name="directory.confirmation",
    plan=_per_key,
    label=_("Letter with a link to confirm an address"),
)
def send_confirmation(attempt: Attempt) -> Outcome:
    """Send the link that confirms an address."""
    return _post(letters.confirmation(**attempt.payload))


@handles(
    letters.FORGOTTEN,
    name="directory.new_password",
    plan=_per_key,
    label=_("Letter with a link to a new password"),
)
def send_new_password(attempt: Attempt) -> Outcome:
    """Send the link to a new password."""
    return _post(letters.new_password(**attempt.payload))


@handles(
    tidings.INVITED,
    name="directory.invitation",
    plan=_per_key,
    label=_("Invitation with a link to a first password"),
)
def send_invitation(attempt: Attempt) -> Outcome:
    """Send the link to a first password."""
    return _post(tidings.invitation(**attempt.payload))
