"""Sending the letters about questions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.catalogue.flows import questions
from portal.outbox.letters import Letter, post
from portal.outbox.registry import Attempt, Outcome, Payload, Plan, handles


def _once(payload: Payload) -> list[Plan]:
    return [Plan(key=f"question:{payload['question']}", payload=payload)]


def _post(letter: Letter | None) -> Outcome:
    return post(letter) if letter else Outcome("nobody to write to", state="superseded")


@handles(
    questions.ASKED,
    name="catalogue.question",
    plan=_once,
    label=_("Letter about a question to the librarian"),
)
def tell_librarian(attempt: Attempt) -> Outcome:
    """Tell the librarian of a question."""
    number = attempt.payload["question"]
    return _post(questions.letter_to_librarian(number=number, key=f"question:{number}"))


@handles(
    questions.ANSWERED, name="catalogue.answer", plan=_once, label=_("Letter with the librarian’s answer")
)
def tell_reader(attempt: Attempt) -> Outcome:
    """Send the answer to the reader."""
    number = attempt.payload["question"]
    return _post(questions.letter_to_reader(number=number, key=f"answer:{number}"))
