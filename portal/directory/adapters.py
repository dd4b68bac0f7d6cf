"""allauth's points of decision."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.conf import conf
from portal.directory import gate, sealing
from portal.directory.bounded import BoundedSession
from portal.directory.flows import accounts, letters, sign_on
from portal.directory.models import User
from portal.directory.models.people import LANGUAGES
from portal.directory.views.sign_on import refuse
from portal.outbox.letterhead import letterhead


class AccountAdapter(DefaultAccountAdapter):
    """Who may sign up, what proves an address, and letters, which all leave through the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The e-mail address or the password is wrong."),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your present password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether people may open an account by themselves (KELRODIS_SIGN_UP)."""
        return bool(conf.SIGN_UP_OPEN)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Answer with pages alone."""
        return False

    def new_user(self, request: HttpRequest) -> User:
        """Begin a person, who reads the language they sign up in."""
        language = get_language()
        return User(preferred_language=language if language in dict(LANGUAGES) else "lt")

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Leave the internal name to the model."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead back to one's learning."""
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        """Lead on; staff who have yet to set up the second factor go there first, whatever door they came by."""
        response: HttpResponse = super().post_login(request, user, **more)
        if gate.must_pass(request, user):
            return redirect(gate.way_to_pass(user, response["Location"]))
        return response

    def get_login_stages(self) -> list[str]:
        """Take our second step in the place of allauth's."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "portal.directory.stages.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Ask nobody twice who proved who they are within the last minutes; with a second factor, by that."""
        request = context.request
        kinds = (
            {"mfa"} if gate.app_of(request.user) else {"mfa", "password", "password_reset", "socialaccount"}
        )
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        return not any(record["method"] in kinds and record["at"] > since for record in records)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Let whoever has a second factor prove it: the password alone would not have let them in."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method for method in methods if method["id"] == "mfa_reauthenticate"] or methods

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make the address its person's own; False when somebody else was first."""
        had_another = email_address.user.email_verified_at is not None
        try:
            accounts.prove_address(address=email_address)
        except accounts.AddressTaken:
            return False
        if had_another:
            messages.success(
                request, _("Your address has changed. From now on you sign in with the new one.")
            )
        else:
            messages.success(request, _("Your address is confirmed. Welcome!"))
        return True

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Refuse what has no letter of ours: nothing is sent while somebody waits for a page."""
        raise NotImplementedError(template_prefix)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        """Record the letter with the link."""
        letters.ask_to_confirm(address=emailconfirmation.email_address)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the address's owner; whoever typed it sees what everybody sees."""
        letters.tell_of_second_sign_up(email=email)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Record the letter; the link in ``context`` is not used, as one in a row would wait to be stolen."""
        letters.answer_forgotten(user=user)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell a person that their password has changed (the one notice that can come about here)."""
        letters.tell_of_new_password(user=user)


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Single sign-on: the one provider of the settings, people by ``flows.sign_on``, bounded calls."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the one provider; those of allauth's table, which nobody can fill here, are not looked for."""
        wanted = conf.OIDC
        app = SocialApp(
            provider="openid_connect",
            provider_id=sign_on.PROVIDER,
            name=wanted["name"],
            client_id=wanted["client_id"],
            secret=wanted["client_secret"],
            settings={"server_url": wanted["issuer"], "oauth_pkce_enabled": True},
        )
        return [app] if wanted["issuer"] else []

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find or make the person; keep no token of the provider's."""
        sociallogin.token = None
        sociallogin.account = sign_on.enter(identity=sociallogin.identity)
        sociallogin.user = sociallogin.account.user

    def get_requests_session(self) -> BoundedSession:
        """Return a session whose calls are bounded."""
        return BoundedSession()

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Say what went wrong. Raises ImmediateHttpResponse, always."""
        refuse(request, error=error, exception=exception, state=(extra_context or {}).get("state"))


class SecondFactorAdapter(DefaultMFAAdapter):
    """What the authenticator app shows, and how its secret is kept."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code does not fit, or has been used. Wait for the next one."),
    }

    def get_totp_issuer(self) -> str:
        """Return the portal's name."""
        return letterhead(get_language() or settings.LANGUAGE_CODE).name

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Read a sealed secret. Raises ``sealing.Unreadable``."""
        return sealing.unseal(encrypted_text)
