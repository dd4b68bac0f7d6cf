"""Forms of the public checking page and of the learner's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.directory.models.names import LONGEST_NAME, printable_name


class SurnameForm(forms.Form):
    """The surname that unlocks the holder's full name."""

    surname = forms.CharField(label=_("Holder's surname"), max_length=150)


class CheckForm(forms.Form):
    """A certificate to look up: by its verification code, or by its number and the surname."""

    code = forms.CharField(label=_("Register number or verification code"), max_length=200)
    surname = forms.CharField(
        label=_("Holder's surname"),
        max_length=150,
        required=False,
        help_text=_("Needed with the register number."),
    )

    def clean_code(self) -> str:
        """Return the code without spaces, in capitals."""
        return "".join(str(self.cleaned_data["code"]).split()).upper()


class NameForm(forms.Form):
    """The name that is printed on certificates."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=LONGEST_NAME,
        validators=[printable_name],
        error_messages={"required": _("Enter your first name.")},
    )
    last_name = forms.CharField(
        label=_("Surname"),
        max_length=LONGEST_NAME,
        validators=[printable_name],
        error_messages={"required": _("Enter your surname.")},
    )

    def clean(self) -> dict[str, Any]:
        """Join runs of spaces."""
        cleaned = super().clean() or {}
        return {key: " ".join(str(value).split()) for key, value in cleaned.items()}
