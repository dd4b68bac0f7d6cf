"""What people change of themselves: name, language, which letters they get."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from wagtail.log_actions import log

from portal.directory.models import Affiliation, User
from portal.outbox import kinds


class NameIsKept(Exception):
    """Others rely on the name: only an administrator changes it now."""


def _is_staff_of_a_library(user: User) -> bool:
    return Affiliation.objects.of(user).filter(confirmed=True).exists()


# Who relies on a person's name. Upper apps add theirs when they are loaded.
name_keepers: list[Callable[[User], bool]] = [_is_staff_of_a_library]


def may_change_name(user: User) -> bool:
    """Whether people may change their own name: until a library has confirmed who they are, or a document bears it."""
    return not any(relies(user) for relies in name_keepers)


@transaction.atomic
def change(*, user: User, language: str, first_name: str | None = None, last_name: str | None = None) -> None:
    """Change one's language, and one's name where it is given. Raises NameIsKept."""
    person = User.objects.select_for_update().get(pk=user.pk)
    person.preferred_language = language
    name = (first_name or person.first_name, last_name or person.last_name)
    if name != (person.first_name, person.last_name):
        if not may_change_name(person):
            raise NameIsKept
        person.first_name, person.last_name = name
        log(person, "directory.renamed", user=person)
    person.save(update_fields=["preferred_language", "first_name", "last_name"])


@transaction.atomic
def choose_letters(*, user: User, wanted: Iterable[str]) -> None:
    """Keep which of the kinds of letters offered to ``user`` they want."""
    person = User.objects.select_for_update().get(pk=user.pk)
    offered = {kind.name for kind in kinds.offered_to(person)}
    declined = set(person.declined_letters) - offered | offered - set(wanted)
    person.declined_letters = sorted(declined)
    person.save(update_fields=["declined_letters"])


@transaction.atomic
def stop_letters(*, user: User, kind: str) -> User:
    """Decline one kind of letters; return the person as they are then."""
    person = User.objects.select_for_update().get(pk=user.pk)
    person.declined_letters = sorted({*person.declined_letters, kind})
    person.save(update_fields=["declined_letters"])
    return person
