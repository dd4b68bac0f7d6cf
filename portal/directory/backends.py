"""How a person may be recognised: by e-mail and password, or by a verified launch."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class EmailBackend(AuthenticationBackend):
    """E-mail and password, as allauth checks them."""


class LaunchBackend(ModelBackend):
    """Marks the sessions that a launch began. By itself it recognises nobody."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> None:
        """Recognise nobody."""
