"""Forms of those who look after people: finding, deciding, inviting, appointing."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.directory.flows.appointing import roles_to_give
from portal.directory.forms.account import address_field, name_field
from portal.directory.forms.profile import date_field, job_title_field
from portal.directory.models import Library, Role, Territory, User
from portal.directory.models.people import LANGUAGES
from portal.directory.models.roles import AT_TERRITORY
from portal.directory.scope import scope_of

AT_LIBRARIES = _("This role is held at a library: choose one.")
AT_TERRITORIES = _("This role is held in a territory: choose one, they stand at the end of the list.")
CONFIRMED, WAITING = "confirmed", "waiting"
Groups = list[tuple[str, list[tuple[str, str]]]]


def by_municipality(libraries: QuerySet[Library]) -> Groups:
    """Return choices of libraries, grouped by municipality."""
    rows = libraries.in_order()  # type: ignore[attr-defined]
    groups = groupby(rows, key=lambda library: library.municipality)
    return [(place.name, [(str(row.uuid), row.name) for row in group]) for place, group in groups]


class LibraryField(forms.ModelChoiceField):
    """One of the libraries in somebody's scope."""

    def __init__(self, **more: Any) -> None:
        super().__init__(Library.objects.none(), to_field_name="uuid", **more)

    def offer(self, libraries: QuerySet[Library], empty: Any = None) -> None:
        """Offer these libraries, grouped by municipality, with the words for none of them."""
        self.queryset = libraries
        first = [("", empty)] if empty is not None else []
        self.choices = [*first, *by_municipality(libraries)]


class FindForm(forms.Form):
    """Whom to list."""

    q = forms.CharField(label=_("Name or address"), required=False, max_length=200)
    library = LibraryField(label=_("Library"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), (CONFIRMED, _("confirmed")), (WAITING, _("waiting for confirmation"))],
    )

    def __init__(self, *args: Any, libraries: QuerySet[Library], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["library"].offer(libraries, _("all libraries"))  # type: ignore[attr-defined]

    def asked(self, name: str) -> Any:
        """Return what was chosen; nothing where it is not one of the choices."""
        self.is_valid()
        return self.cleaned_data.get(name)


class RefuseForm(forms.Form):
    """Why an affiliation is refused; the person reads it."""

    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        help_text=_("The person will read it in a letter."),
        validators=[ProhibitNullCharactersValidator()],
        error_messages={"required": _("Say why, so that the person knows what to do.")},
    )


class InviteForm(forms.Form):
    """Somebody to invite. Roles are not among what is asked: an invited person learns."""

    email = address_field()
    first_name = name_field(_("First name"), _("Enter the first name."))
    last_name = name_field(_("Surname"), _("Enter the surname."))
    language = forms.ChoiceField(label=_("Language of letters"), choices=LANGUAGES)
    library = LibraryField(label=_("Library"), error_messages={"required": _("Choose the library.")})
    job_title = job_title_field()

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        libraries = Library.objects.decided_by(by)
        self.fields["library"].offer(libraries, _("choose"))  # type: ignore[attr-defined]
        choices = [value for _place, group in by_municipality(libraries) for value, _name in group]
        if len(choices) == 1:
            self.initial["library"] = choices[0]

    def clean(self) -> dict[str, Any]:
        """Join runs of spaces in the name."""
        data: dict[str, Any] = super().clean() or {}
        for name in ("first_name", "last_name", "job_title"):
            data[name] = " ".join(str(data.get(name) or "").split())
        return data


class AppointForm(forms.Form):
    """A role at a place, of those the visitor may grant."""

    role = forms.ChoiceField(label=_("Role"))
    place = forms.ChoiceField(label=_("Where"), error_messages={"required": _("Choose the place.")})
    date_to = date_field(
        _("Last day, if it is known"),
        required=False,
        help_text=_("Left empty, the role holds until it is ended."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = roles_to_give(by=by)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        groups: list[Any] = [("", _("choose")), *by_municipality(Library.objects.staffed_by(by))]
        if scope_of(by).everything:
            territories = [(str(row.uuid), row.name) for row in Territory.objects.order_by("name_lt")]
            groups.append((_("Territories"), territories))
        self.fields["place"].choices = groups  # type: ignore[attr-defined]

    def clean_date_to(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["date_to"]
        if day and day < localdate():
            raise ValidationError(_("This day is over."))
        return day

    def clean(self) -> dict[str, Any]:
        """Find the place, which has to be of the role's kind."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("place") or not data.get("role"):
            return data
        kind: Any = Territory if data["role"] in AT_TERRITORY else Library
        data["at"] = kind.objects.filter(uuid=data["place"]).first()
        data["role"] = Role(data["role"])
        if data["at"] is None:
            self.add_error("place", AT_TERRITORIES if data["role"] in AT_TERRITORY else AT_LIBRARIES)
        return data
