"""What an administrator changes of the way somebody signs in; the person is told, as when they do it themselves."""

from __future__ import annotations

from django.db import transaction
from wagtail.log_actions import log

from portal.directory.flows import inviting, letters, people
from portal.directory.models import User


@transaction.atomic
def replace_address(*, user: User, email: str | None, former: str | None, by: User) -> None:
    """Make ``email`` the person's one address; ``former`` is the one proved theirs until now, and is written to."""
    people.give_address(user=user, email=email)
    inviting.hand_over(user=user)
    if former and former.lower() != (email or "").lower():
        log(user, "directory.address_changed", user=by)
        letters.tell_of_new_address(user=user, former=former)


@transaction.atomic
def replace_password(*, user: User, password: str) -> None:
    """Set the person's password, which ends their sessions, and tell them."""
    user.set_password(password)
    user.save(update_fields=["password"])
    letters.tell_of_new_password(user=user)
