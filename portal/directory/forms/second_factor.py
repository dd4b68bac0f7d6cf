"""Forms for codes: allauth's, whose codes are taken once (``flows.second_factor``)."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from django import forms
from django.utils.translation import gettext_lazy as _

from portal.directory.flows import second_factor
from portal.directory.models import User


def code_field(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field for a code; apps show them with a space in the middle, which may be typed."""
    return forms.CharField(
        label=label, help_text=help_text, max_length=20, error_messages={"required": _("Enter the code.")}
    )


class TakesCode:
    """Takes a code of the app or a recovery code, a few times in five minutes."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """Take the code."""
        passed = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = second_factor.accept(user=self.user, code=code)
        except second_factor.WrongCode:
            raise get_adapter().validation_error("incorrect_code") from None
        self.authenticator.user = self.user
        passed()
        return code


class CodeForm(TakesCode, AuthenticateForm):
    """The second step of signing in."""

    code = code_field(_("Code"))


class CodeAgainForm(TakesCode, ReauthenticateForm):
    """The code once more, before something that could lock a person out."""

    code = code_field(_("Code"))


class SetUpForm(forms.Form):
    """The first code of an app."""

    code = code_field(_("The six digits the app shows now"))

    def __init__(self, *args: Any, user: User, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.secret = user, secret

    def clean(self) -> dict[str, Any]:
        """Set the app up, if the code is right."""
        data: dict[str, Any] = super().clean() or {}
        if "code" not in data:
            return data
        passed = check_rate_limit(self.user, error_key="too_many_login_attempts")
        try:
            second_factor.set_up(user=self.user, secret=self.secret, code=data["code"])
        except second_factor.WrongCode:
            self.add_error(
                "code", _("This is not the code of this moment. Wait for the next one and type that.")
            )
            return data
        passed()
        return data
