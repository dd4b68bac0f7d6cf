"""Forms of an erasure and of the audit log."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminAutoHeightTextInput

from portal.directory.models import User


class EraseForm(forms.Form):
    """The person's own wish: with their password, or, where they come by launches and have none, with a tick."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput,
        error_messages={"required": _("Enter your password.")},
    )
    understood = forms.BooleanField(
        label=_("I have read what is erased and what stays."),
        error_messages={"required": _("Tick that you have read it.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User = request.user  # type: ignore[assignment]
        if not self.user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        """Compare it, a few times at most."""
        password: str = self.cleaned_data["password"]
        if not ratelimit.consume(self.request, action="reauthenticate", user=self.user):
            raise ValidationError(_("Too many attempts. Try again in an hour."))
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your present password."))
        return password


class StaffEraseForm(forms.Form):
    """An administrator's act for a person who asked by letter or in person."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_(
            "How the person asked, and how you know it was they. It is removed with the person's data."
        ),
        widget=AdminAutoHeightTextInput,
    )
    at_once = forms.BooleanField(
        label=_("At once"),
        required=False,
        help_text=_("Otherwise the person has some days to withdraw, and is told so in a letter."),
    )


class ConfirmForm(forms.Form):
    """Nothing but a button."""


class PurposeForm(forms.Form):
    """Why the audit log is taken away; kept in the log."""

    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, error_messages={"required": _("Say what the file is for.")}
    )
