"""What readers ask and librarians answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from portal.catalogue.models import Question

SALT = "portal.catalogue.ask"
SOONEST = 2  # seconds in which nobody reads the form and writes a question
LATEST = 24 * 60 * 60


class AskForm(forms.Form):
    """A question to the librarian.

    Two things tell machines from people without asking a third party: a field that people do not see, and the time
    the form was open (``stamp``: when it was shown, signed).
    """

    text = forms.CharField(
        label=_("Your question"),
        max_length=4000,
        help_text=_("What are you looking for, what for, and where have you looked already?"),
        error_messages={"required": _("Write your question.")},
    )
    name = forms.CharField(label=_("Your name (optional)"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The answer comes here."),
        error_messages={
            "required": _("Write the address where the answer shall come."),
            "invalid": _("This is not a whole e-mail address."),
        },
    )
    website = forms.CharField(label=_("Leave this field empty"), required=False, max_length=200)
    stamp = forms.CharField(max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user if user.is_authenticated else None
        if self.user is not None:
            del self.fields["name"]
            if self.user.email:
                del self.fields["email"]

    def fresh_stamp(self) -> str:
        """Return the stamp for the form as it is shown: the one it came back with, or a new one."""
        given = self.data.get("stamp", "")
        return str(given) if self.is_bound and _age(given) is not None else signing.dumps("ask", salt=SALT)

    def clean(self) -> dict[str, Any]:
        """Refuse what no person sent. Raises ValidationError."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("website"):
            raise forms.ValidationError(_("The last field must stay empty. Empty it and send again."))
        if _age(self.data.get("stamp", "")) is None or _is_early(self.data.get("stamp", "")):
            raise forms.ValidationError(_("The form was sent too soon or is too old. Send it once more."))
        return cleaned

    def asked(self) -> dict[str, Any]:
        """Return what ``flows.questions.ask`` takes of a valid form."""
        given = self.cleaned_data
        if self.user is None:
            return {"text": given["text"], "name": given["name"], "email": given["email"]}
        email = given.get("email") or self.user.email
        return {"text": given["text"], "name": self.user.display_name, "email": email, "user": self.user}


def _age(stamp: str) -> str | None:
    """Return what the stamp holds; None when it was not made here or is too old."""
    try:
        return str(signing.loads(str(stamp), salt=SALT, max_age=LATEST))
    except signing.BadSignature:
        return None


def _is_early(stamp: str) -> bool:
    """Whether the form was shown only a moment ago."""
    try:
        signing.loads(str(stamp), salt=SALT, max_age=SOONEST)
    except signing.BadSignature:
        return False
    return True


class AnswerForm(forms.ModelForm):
    """The librarian's answer."""

    class Meta:
        model = Question
        fields = ("answer",)
        widgets = {"answer": forms.Textarea(attrs={"rows": 10})}  # noqa: RUF012
        help_texts = {"answer": _("It is sent to the reader by mail, in the words you write here.")}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = True


class TryForm(forms.Form):
    """A course as a learning platform names it, to see what the rules give it."""

    label = forms.CharField(label=_("Short name of the course"), required=False, max_length=255)
    title = forms.CharField(label=_("Title of the course"), required=False, max_length=255)
