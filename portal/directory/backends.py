"""How a person may be recognised: by e-mail and password, or by a verified launch.

Every backend is also where a request gets its person, and so where roles end at midnight.
"""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.timezone import localdate

from portal.directory.flows import claims, roles
from portal.directory.models import User


class TodaysRoles(ModelBackend):
    """Gives each request its person with what today's roles allow, and not yesterday's.

    Wagtail asks groups and the superuser mark, which are derived from roles. On a person's first request of a day they
    are derived anew; the clock (``portal.directory.tasks``) does the same for those who do not come.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the person, if the account is open."""
        user = super().get_user(user_id)
        if not isinstance(user, User):
            return None
        if user.roles_as_of is not None and user.roles_as_of != localdate():
            roles.derive_groups(user=user)
        return user


class EmailBackend(TodaysRoles, AuthenticationBackend):
    """E-mail and password, as allauth checks them; of those who only claim an address the newest few."""

    def _authenticate_by_email(self, email: str, password: str) -> AbstractBaseUser | None:
        """Compare the password with few hashes, however many accounts claim the address."""
        candidates = claims.tried_at_sign_in(email=email) if email else []
        return next((user for user in candidates if self._check_password(user, password)), None)


class LaunchBackend(TodaysRoles):
    """Marks the sessions that a launch began. By itself it recognises nobody."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> None:
        """Recognise nobody."""
