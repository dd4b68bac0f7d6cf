"""Forms of one's own profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.collation import sort_key
from portal.directory.forms.account import name_field
from portal.directory.models import Branch, Library, User
from portal.directory.models.people import LANGUAGES
from portal.outbox import kinds

EARLIEST = 1940  # nobody who works today began earlier


class ProfileForm(forms.Form):
    """Name, as long as it is one's own to change, and language."""

    first_name = name_field(_("First name"), _("Enter your first name."))
    last_name = name_field(_("Surname"), _("Enter your surname."))
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=LANGUAGES,
        help_text=_("The language of pages is chosen at the top of each page."),
    )

    def __init__(self, *args: Any, names_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names_open:
            del self.fields["first_name"], self.fields["last_name"]

    def clean(self) -> dict[str, Any]:
        """Join runs of spaces."""
        return {key: " ".join(str(value).split()) for key, value in (super().clean() or {}).items()}


def job_title_field() -> forms.CharField:
    """Return a field for what somebody is at work."""
    return forms.CharField(
        label=_("Job title"),
        max_length=200,
        required=False,
        validators=[ProhibitNullCharactersValidator()],
        help_text=_("For example: senior librarian."),
    )


def date_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day, typed in a browser's own way."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"required": _("Enter the day."), "invalid": _("Write the day as 2026-09-01.")}
    return forms.DateField(
        label=label, widget=widget, input_formats=["%Y-%m-%d"], error_messages=errors, **more
    )


class BranchField(forms.ModelChoiceField):
    """One branch of a library, or none: the main building."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            Branch.objects.none(),
            label=_("Branch"),
            required=False,
            to_field_name="uuid",
            empty_label=_("the main library, or no particular branch"),
            **more,
        )

    def offer(self, library: Library) -> None:
        """Offer the branches of ``library``, in Lithuanian order."""
        self.queryset = library.branches.all()
        rows = sorted(library.branches.all(), key=lambda branch: sort_key(branch.name_lt, "lt"))
        self.choices = [("", self.empty_label), *((branch.uuid, branch.name) for branch in rows)]


class WorkForm(forms.Form):
    """Branch and job title at a library."""

    branch = BranchField()
    job_title = job_title_field()

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"].offer(library)  # type: ignore[attr-defined]


class JoinForm(WorkForm):
    """What somebody says of their work at a library."""

    date_from = date_field(_("I have worked there since"))

    def clean_date_from(self) -> Any:
        """Refuse a day to come, and one that cannot be meant."""
        day = self.cleaned_data["date_from"]
        if day > localdate():
            raise ValidationError(_("This day is still to come. Come back on it."))
        if day.year < EARLIEST:
            raise ValidationError(_("Is the year right?"))
        return day


class LastDayForm(forms.Form):
    """The last day of work at a library."""

    date_to = date_field(_("Last day of work"))

    def __init__(self, *args: Any, began: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.began = began

    def clean_date_to(self) -> Any:
        """Refuse a day before the first, and one that cannot be meant."""
        day = self.cleaned_data["date_to"]
        if day < self.began:
            raise ValidationError(_("This is before the first day of work."))
        if day.year > localdate().year + 10:
            raise ValidationError(_("Is the year right?"))
        return day


class LettersForm(forms.Form):
    """Which kinds of letters somebody wants."""

    wanted = forms.MultipleChoiceField(
        label=_("Send me"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = kinds.offered_to(person)
        self.fields["wanted"].choices = [(kind.name, kind.label) for kind in offered]  # type: ignore[attr-defined]
        self.initial["wanted"] = [kind.name for kind in offered if kinds.wants(person, kind.name)]
