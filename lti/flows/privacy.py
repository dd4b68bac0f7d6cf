"""Data-privacy launches: a platform's people, or its administrator for one of them, ask what is kept here.

Such a launch has no course and no activity, makes no record of anybody, and opens one page. A platform can claim any
role and any of its own people, so what is shown and done never goes beyond what that platform's launches brought
about (docs/decisions/0021-privacy-of-platforms.md). Source: 1EdTech LTI Data Privacy Launch 1.0; LTI Core 1.3, A.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from lti_tool.models import LtiDeployment, LtiRegistration, LtiUser

from lti.flows import claims
from lti.flows.addresses import framing_origins, origin
from lti.flows.claims import LTI, Claims
from lti.flows.errors import AskerNotNamed, NotAnAdministrator, NotTrusted
from lti.flows.text import is_identifier
from lti.reports import leaving
from portal.custody import ERASURE_WISHED, custody
from portal.directory.models import User
from portal.outbox.recording import record

# The name of the final specification, and the one of its drafts, which some libraries still send.
PRIVACY = {"LtiDataPrivacyLaunchRequest", "DataPrivacyLaunchRequest"}
ADMINISTRATORS = {
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
}


@dataclass(frozen=True)
class PrivacyLaunch:
    """One such launch, checked. ``subject`` is who comes ("": not told), ``about`` of whom it asks ("": of nobody)."""

    deployment_id: str
    target_link_uri: str
    subject: str
    about: str
    roles: frozenset[str]
    language: str
    return_url: str

    @property
    def own(self) -> bool:
        """Whether somebody asks about themselves."""
        return bool(self.about) and self.about == self.subject


@dataclass(frozen=True)
class PrivacyAdmission:
    """A data-privacy launch that went through. ``user`` is whom to sign in; None: nobody."""

    user: User | None
    registration: LtiRegistration
    deployment: LtiDeployment
    origins: list[str]
    launch: PrivacyLaunch
    url: str


class WishedAlready(Exception):
    """The platform has wished this, and it is not over."""


def is_asked(message: Claims) -> bool:
    """Tell whether a message is one of these."""
    kind = message.get(LTI + "message_type")
    return isinstance(kind, str) and kind in PRIVACY


def parse(message: Claims) -> PrivacyLaunch:
    """Return what the message says; context and resource link are none of it. Raises NotTrusted."""
    common = claims.common(message)
    subject = message.get("sub")
    if subject not in (None, "") and not is_identifier(subject):
        raise NotTrusted("sub_not_an_identifier")
    return PrivacyLaunch(
        deployment_id=common.deployment_id,
        target_link_uri=common.target_link_uri,
        subject=subject or "",
        about=_about(message.get(LTI + "for_user"), subject or ""),
        roles=common.roles,
        language=claims.language_of(message),
        return_url=common.return_url,
    )


def _about(value: Any, subject: str) -> str:
    """Return of whom it asks: ``for_user``, or who comes. Drafts called the identifier ``id``."""
    if value is None:
        return subject
    given = (value.get("user_id") or value.get("id")) if isinstance(value, dict) else None
    if not is_identifier(given):
        raise NotTrusted("for_user_without_an_identifier")
    return str(given)


def admit(
    *, registration: LtiRegistration, deployment: LtiDeployment, launch: PrivacyLaunch
) -> PrivacyAdmission:
    """Return where the launch leads, and who is signed in for it. Nothing is written.

    Raises NotAnAdministrator, AskerNotNamed.

    Only somebody who asks about themselves and came by this platform alone is signed in, so that they find the
    portal's own pages of their data; an administrator of a platform never becomes anybody.
    """
    if launch.about != launch.subject and not ADMINISTRATORS & launch.roles:
        if not launch.subject:
            raise AskerNotNamed("about_somebody_by_nobody_named")
        raise NotAnAdministrator("about_another_by_no_administrator")
    user = None
    if launch.own:
        known = LtiUser.objects.filter(registration=registration, sub=launch.about)
        user = leaving.only_of(registration).filter(pk__in=known.values("auth_user")).first()
    origins = framing_origins(registration)
    with translation.override(launch.language):
        url = reverse("platform_data:page")
    return PrivacyAdmission(user, registration, deployment, origins, launch, url)


@transaction.atomic
def wish_erasure(*, registration: LtiRegistration, subject: str) -> bool:
    """Pass on that a person of the platform is to be erased, for an administrator here to decide; False: not known.

    Raises WishedAlready while such a wish of this platform is not over.

    Asked twice on a day it is one wish. It is taken of whoever the platform knows, also of
    somebody whom it cannot have erased: a platform never learns whether there is another way in.
    """
    known = LtiUser.objects.filter(registration=registration, sub=subject, auth_user__isnull=False).first()
    if known is None:
        return False
    through = leaving.through(known)
    if custody.wished(known.auth_user, through):
        raise WishedAlready
    asker = leaving.asker_of(registration)
    key = f"{known.pk}:{localdate():%Y-%m-%d}"
    record(ERASURE_WISHED, person_id=known.auth_user_id, asker=asker, through=through, key=key)
    return True


def return_url_of(admission: PrivacyAdmission) -> str:
    """Return where on the platform the person goes back to, "" where the address is not the platform's."""
    url = admission.launch.return_url
    return url if origin(url) in admission.origins else ""
