"""A learner who came without a name gives the one that is printed; what waited for it is issued."""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from certificates.flows.issuing import issue
from certificates.models import Credential, waiting_completions
from portal.directory.flows import profile
from portal.directory.models import User


class NameAlreadyGiven(Exception):
    """The person has a name, or a certificate that bears one; changing it is for staff."""


@transaction.atomic
def name_holder(*, user: User, first_name: str, last_name: str) -> list[Credential]:
    """Give ``user`` the name and issue every certificate that waited for it; return those.

    Raises NameAlreadyGiven.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.has_name or Credential.objects.of(person).exists():
        raise NameAlreadyGiven
    person.first_name, person.last_name = first_name, last_name
    person.save(update_fields=["first_name", "last_name"])
    log(person, "certificates.named", user=person)
    return [issue(completion=completion) for completion in waiting_completions(person)]


def keep_names() -> None:
    """Let nobody change by themselves a name that a certificate of theirs bears."""
    profile.name_keepers.append(lambda user: Credential.objects.of(user).exists())
