"""Forms of one's own account: allauth's, in our words, with the password typed once."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import SetPasswordField
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm, SignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal.directory.flows import accounts, claims, people
from portal.directory.models import User
from portal.directory.models.names import LONGEST_NAME, printable_name

TAKEN = _("This address belongs to another account now. Sign in with that one.")
PASSWORD_HINT = _("At least 12 characters. Several words in a row are easy to remember and hard to guess.")


def name_field(label: Any, missing: Any) -> forms.CharField:
    """Return a field for a part of a name."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_NAME,
        validators=[printable_name],
        error_messages={"required": missing},
    )


def address_field() -> forms.EmailField:
    """Return a field for an e-mail address no longer than we can keep."""
    return forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Enter your e-mail address.")},
    )


class AddressForm(forms.Form):
    """The address to send a link to once more."""

    email = address_field()


class OtherAddressForm(AddressForm):
    """The address that is to replace the present one."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].label = _("New e-mail address")

    def clean_email(self) -> str:
        """Refuse the present address."""
        email: str = self.cleaned_data["email"].lower()
        if email == (self.user.email or "").lower() and self.user.email_verified_at:
            raise ValidationError(_("This is your address already."))
        return email


class SignUpForm(SignupForm):
    """A new person: name, address, password."""

    field_order = ["first_name", "last_name", "email", "password1"]
    first_name = name_field(_("First name"), _("Enter your first name."))
    last_name = name_field(_("Surname"), _("Enter your surname."))
    email = address_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = PASSWORD_HINT

    def clean_first_name(self) -> str:
        """Join runs of spaces."""
        return " ".join(self.cleaned_data["first_name"].split())

    def clean_last_name(self) -> str:
        """Join runs of spaces."""
        return " ".join(self.cleaned_data["last_name"].split())

    def validate_unique_email(self, value: str) -> str:
        """Note whether somebody has proved the address theirs; a claim alone keeps nobody out."""
        self.account_already_exists = people.is_taken(email=value)
        return value

    def clean(self) -> dict[str, Any]:
        """Check the password with the person's own name in mind, too."""
        data: dict[str, Any] = super().clean()
        if data.get("password1") and "password1" not in self.errors:
            names = {name: data.get(name, "") for name in ("first_name", "last_name", "email")}
            try:
                validate_password(data["password1"], user=User(**names))
            except ValidationError as error:
                self.add_error("password1", error)
        return data

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Open the account, in as much time as it takes to find that there is one already."""
        claims.make_room(email=self.cleaned_data["email"])
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        result: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return result


class ForgottenForm(ResetPasswordForm):
    """The address of somebody who forgot the password."""

    email = address_field()

    def clean_email(self) -> str:
        """Find the one person who is written to, if there is anybody."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"].lower())
        person = claims.written_to_if_forgotten(email=email)
        self.users = [person] if person else []
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, by a link."""

    password1 = SetPasswordField(label=_("New password"), help_text=PASSWORD_HINT)
    password2 = None

    def clean(self) -> dict[str, Any]:
        """Refuse where the address the link was sent to has become somebody else's."""
        data: dict[str, Any] = super().clean()
        if self.user.email and people.is_taken(email=self.user.email, besides=self.user):
            raise ValidationError(TAKEN)
        return data

    def save(self) -> None:
        """Set it."""
        accounts.set_forgotten_password(user=self.user, password=self.cleaned_data["password1"])


class OpeningForm(forms.Form):
    """The password of an account whose address is confirmed elsewhere than where it was opened.

    Whatever is typed is the account's password from then on; whoever opened it themselves types the same again.
    """

    password1 = SetPasswordField(
        label=_("Password"),
        help_text=_("The one you chose when you signed up, or another of at least 12 characters."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].user = user  # type: ignore[attr-defined]


class ChangeForm(ChangePasswordForm):
    """A new password, by the present one."""

    oldpassword = forms.CharField(label=_("Present password"), strip=False, widget=forms.PasswordInput)
    password1 = SetPasswordField(label=_("New password"), help_text=PASSWORD_HINT)
    password2 = None
