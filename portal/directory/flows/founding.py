"""Making somebody an administrator from the machine itself: the first one, or one more when nobody can sign in."""

from __future__ import annotations

from django.db import transaction

from portal.directory.flows import second_factor
from portal.directory.flows.people import give_address, owner_of
from portal.directory.flows.roles import grant
from portal.directory.models import Role, User


@transaction.atomic
def make_administrator(
    *, email: str, first_name: str = "", last_name: str = "", password: str = "", lost_device: bool = False
) -> User:
    """Make whoever has proved ``email`` an administrator, or a new person whose address is vouched for.

    An empty ``password`` leaves the one there is. ``lost_device`` takes the second factor away. Return the person.
    """
    user = owner_of(email=email) or _new_person(email, first_name, last_name)
    user.is_active = True
    if password:
        user.set_password(password)
    user.save()
    grant(user=user, role=Role.ADMINISTRATOR, by=None)
    if lost_device:
        second_factor.remove(user=user, by=None)
    return user


def _new_person(email: str, first_name: str, last_name: str) -> User:
    user = User(first_name=first_name, last_name=last_name)
    user.set_unusable_password()
    user.save()
    give_address(user=user, email=email)
    return user
