"""allauth's points of decision."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people who already have an account; opening one comes with its own flow."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves yet."""
        return False
