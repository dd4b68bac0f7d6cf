"""The second step of signing in, passed over where the provider of single sign-on vouches for one."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.stages import AuthenticateStage

from portal.directory.gate import BY_PROVIDER


class SecondFactorStage(AuthenticateStage):
    """allauth's step, under its name."""

    def handle(self) -> tuple[Any, bool]:
        """Ask for a code, unless the provider has just asked for a second factor and we believe it."""
        sociallogin = (self.login.signal_kwargs or {}).get("sociallogin")
        identity = getattr(sociallogin, "identity", None)
        if identity is not None and identity.second_factor:
            record_authentication(self.request, self.login.user, "mfa", type=BY_PROVIDER)
            return None, True
        step: tuple[Any, bool] = super().handle()
        return step
