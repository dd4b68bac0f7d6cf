"""The administrator's form of a person: name, address, password, and the roles in the whole portal."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.directory.flows import people, vouching
from portal.directory.flows.roles import LastAdministrator, keep_an_administrator
from portal.directory.models import Role, RoleAssignment, User

PORTAL_ROLES = [Role.EDITOR, Role.AUTHOR, Role.ADMINISTRATOR]  # those without a place that open anything
LAST_ADMINISTRATOR = _("Somebody has to administer the portal. Make another person administrator first.")


class PersonForm(forms.ModelForm):
    """A person as the administrator knows them; one who only ever comes by a launch may lack anything."""

    password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles in the whole portal"),
        required=False,
        choices=[(role.value, role.label) for role in PORTAL_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They hold from today; taking one away ends it at once."),
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "preferred_language", "is_active"]
        help_texts: ClassVar[dict[str, Any]] = {
            "is_active": _(
                "Somebody inactive cannot sign in and gets no letters; what they have learned stays."
            )
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if self.instance.pk:
            held = RoleAssignment.objects.current().filter(user=self.instance)
            self.initial["roles"] = list(held.values_list("role", flat=True))
        else:
            del self.fields["is_active"]
            for name in ("first_name", "last_name", "email", "password"):
                self.fields[name].required = True
        self.former_address = self.instance.email if self.instance.email_verified_at else None
        if self.instance == by:  # nobody locks themselves out; how one signs in is changed on one's own pages
            for name in ("is_active", "roles", "email", "password"):
                del self.fields[name]

    @property
    def changes_doors(self) -> bool:
        """Whether how somebody signs in would change."""
        return bool({"email", "password"} & set(self.changed_data))

    def clean_email(self) -> str | None:
        """Refuse an address that somebody else has proved theirs."""
        email: str | None = self.cleaned_data["email"] or None
        if email and people.is_taken(email=email, besides=self.instance):
            raise ValidationError(_("This address belongs to somebody else."))
        return email

    def clean(self) -> dict[str, Any]:
        """Check the password against the rules, with the person's own name in mind."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("password"):
            try:
                names = {name: data.get(name) or "" for name in ("first_name", "last_name", "email")}
                validate_password(data["password"], user=User(**names))
            except ValidationError as error:
                self.add_error("password", error)
        if self._takes_away(data) and not self.errors:
            self._keep_an_administrator()
        return data

    def _takes_away(self, data: dict[str, Any]) -> bool:
        """Whether somebody would no longer administer the portal."""
        loses_role = "roles" in self.fields and Role.ADMINISTRATOR not in data.get("roles", [])
        loses_account = "is_active" in self.fields and not data.get("is_active")
        was = (
            Role.ADMINISTRATOR in self.initial.get("roles", [])
            and User.objects.get(pk=self.instance.pk).is_active
        )
        return was and (loses_role or loses_account)

    def _keep_an_administrator(self) -> None:
        try:
            keep_an_administrator(without=Q(user=self.instance.pk))
        except LastAdministrator:
            self.add_error(None, LAST_ADMINISTRATOR)

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        """Save the person, their address and their roles together."""
        is_new, password = self.instance.pk is None, self.cleaned_data.get("password")
        user: User = super().save(commit=False)
        if is_new:
            user.set_password(password)
        user.save()
        if "email" in self.changed_data:
            vouching.replace_address(user=user, email=user.email, former=self.former_address, by=self.by)
        if password and not is_new:
            vouching.replace_password(user=user, password=password)
        if "roles" in self.fields:
            people.hold(user=user, roles=set(self.cleaned_data["roles"]), among=set(PORTAL_ROLES), by=self.by)
        return user
