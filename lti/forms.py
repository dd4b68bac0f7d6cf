"""Forms of the administrator's screens of platforms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiRegistration

from lti.flows.invitations import Wishes
from lti.flows.platforms import NotUsable, PlatformDetails, connect
from lti.moodle import said

IN_MOODLE = _("In Moodle: {name}")
PRIVATE = _("Lets us call this platform over plain HTTP and on private addresses of this network.")
ADDRESSES = {"issuer", "auth_url", "token_url", "keyset_url"}
NO_ADDRESS = _(
    "Write the whole address, at most 200 characters; it begins with https:// (http:// only where the platform may be "
    "on a private network)."
)


def text(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a required line of text."""
    return forms.CharField(label=label, help_text=help_text, max_length=255, required=True)


def private() -> forms.BooleanField:
    """Return the choice that a platform may be on a private network."""
    return forms.BooleanField(label=_("May be on a private network"), help_text=PRIVATE, required=False)


class InvitationForm(forms.Form):
    """What is said of a platform that is to register itself."""

    name = text(_("Name of the platform"), _("As your staff call it, for example “University Moodle”."))
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        choices=[(1, _("one day")), (7, _("a week")), (30, _("thirty days"))],
        coerce=int,
        initial=7,
    )
    approves_itself = forms.BooleanField(
        label=_("Approve by itself"),
        help_text=_("The platform may launch at once, without somebody approving it here."),
        required=False,
    )
    allow_private_network = private()

    @property
    def wishes(self) -> Wishes:
        """What was written."""
        return Wishes(**self.cleaned_data)


class ByHandForm(forms.Form):
    """What the platform's administrator copies for us, by the names Moodle shows."""

    name = text(_("Name of the platform"), _("As your staff call it, for example “University Moodle”."))
    issuer = text(_("Platform ID"), said(IN_MOODLE, name="Platform ID"))
    client_id = text(_("Client ID"), said(IN_MOODLE, name="Client ID"))
    deployment_id = text(_("Deployment ID"), said(IN_MOODLE, name="Deployment ID"))
    keyset_url = text(_("Address of its keys"), said(IN_MOODLE, name="Public keyset URL"))
    token_url = text(_("Address of access tokens"), said(IN_MOODLE, name="Access token URL"))
    auth_url = text(_("Address of sign-in"), said(IN_MOODLE, name="Authentication request URL"))
    allow_private_network = private()

    def clean(self) -> dict[str, Any]:
        """Refuse a platform that is connected already: its screen is the place to change it."""
        found: dict[str, Any] = super().clean() or {}
        if LtiRegistration.objects.filter(
            issuer=found.get("issuer", ""), client_id=found.get("client_id", "")
        ).exists():
            self.add_error("client_id", _("This platform is connected already with this client ID."))
        return found

    def connect(self) -> LtiRegistration | None:
        """Connect the platform; None when something of it cannot be used, which the fields then say."""
        try:
            return connect(details=PlatformDetails(**self.cleaned_data))[0]
        except NotUsable as error:
            for name in error.problems:
                self.add_error(name, NO_ADDRESS if name in ADDRESSES else _("This cannot be used here."))
            return None


class PlatformForm(forms.Form):
    """What may be changed of a connected platform."""

    name = text(_("Name of the platform"))
    allow_private_network = private()
    keep_months = forms.IntegerField(
        label=_("Months its people are kept"),
        help_text=_(
            "Whoever came by this platform alone, and not again for so many months, is erased: names and answers go, "
            "certificates can still be checked. Nobody is written to before. Empty: the portal's own term for accounts "
            "nobody came back to."
        ),
        min_value=1,
        max_value=240,
        required=False,
    )
