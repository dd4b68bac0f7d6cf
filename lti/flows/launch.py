"""The second step of a launch: the platform's message is checked, the person comes in.

Everything is checked before anything is written; what is written is written together.
"""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import now
from lti_tool.models import LtiDeployment, LtiMembership, LtiRegistration, LtiResourceLink

from courses.flows import enrolment
from courses.models import Activity, Enrolment
from lti.flows import choosing, claims, lines, people, rosters, verification
from lti.flows.addresses import framing_origins, origin
from lti.flows.claims import Launch
from lti.flows.destinations import Destination, destination
from lti.flows.errors import (
    ActivityGone,
    NotConnected,
    NotGivenBack,
    NothingChosen,
    NotTrusted,
    OtherBrowser,
    Refused,
    UsedUp,
)
from lti.flows.initiation import fingerprint
from lti.flows.text import is_identifier
from lti.models import LaunchState
from portal.directory.models import User

logger = logging.getLogger(__name__)

MOST_UNKNOWN_DEPLOYMENTS = 20


@dataclass(frozen=True)
class Admission:
    """A launch that went through: who came, as what, from where, to which address.

    ``item`` is what the link opens ("": nothing has been chosen), ``course`` the one it is or belongs to,
    ``change_url`` where a teacher chooses another.
    """

    user: User
    registration: LtiRegistration
    origins: list[str]
    teacher: bool
    item: str
    course: Activity | None
    context_id: int
    resource_link_id: int | None
    language: str
    return_url: str
    url: str
    change_url: str


@dataclass(frozen=True)
class Known:
    """What there is already of a launch: the person in its context, and its link; None where they are new."""

    membership: LtiMembership | None
    link: LtiResourceLink | None


def begun(*, state: str) -> LaunchState:
    """Return the launch ``state`` names, used or not. Raises UsedUp when there is none."""
    if not is_identifier(state, 64):
        raise UsedUp("state_missing")
    row = LaunchState.objects.filter(state=state).select_related("registration").first()
    if row is None:
        raise UsedUp("state_unknown")
    return row


def check_browser(*, row: LaunchState, binding: str) -> None:
    """Refuse a message that comes by another browser than the one the launch began in (login CSRF)."""
    if not hmac.compare_digest(fingerprint(binding), row.binding_sha256):
        if row.storage_target:
            raise NotGivenBack("binding_storage_wrong" if binding else "binding_storage_missing")
        raise OtherBrowser("binding_cookie_wrong" if binding else "binding_cookie_missing")


def check_open(*, row: LaunchState, moment: datetime) -> None:
    """Refuse a launch that cannot be finished any more. Raises NotConnected, UsedUp."""
    if not row.registration.is_active:
        raise NotConnected("platform_disabled")
    if row.used_at is not None or row.expires_at <= moment:
        raise UsedUp("state_used" if row.used_at else "state_expired")


def complete(*, row: LaunchState, binding: str, token: str) -> Admission:
    """Check the platform's message for the launch ``row`` and let the person in.

    Raises one of the named refusals; nothing but a used-up state, or a deployment waiting to be
    recognised, is left behind then.
    """
    moment = now()
    registration = row.registration
    check_open(row=row, moment=moment)
    check_browser(row=row, binding=binding)
    message = verification.verified(token=token, registration=registration)
    verification.check(claims=message, registration=registration, nonce=row.nonce, moment=moment.timestamp())
    try:
        launch = claims.parse(message)
        if launch.target_link_uri != row.target_link_uri:
            raise NotTrusted("target_link_uri_of_another_launch")
        known = people.known(registration=registration, launch=launch)
        deployment = known.context.deployment if known else _deployment(registration, launch)
        if not deployment.is_active:
            raise NotConnected("deployment_not_connected")
        if not LaunchState.objects.all().consume(pk=row.pk, moment=moment):
            raise UsedUp("state_used")
        if launch.choice is not None:
            choosing.check(launch=launch, registration=registration)
        link = people.known_link(deployment=deployment, launch=launch)
        leads = _destination(launch, link)
        return _admit(registration, deployment, launch, leads, Known(known, link))
    except Refused as refusal:
        refusal.language = claims.language_of(message)
        raise


def _deployment(registration: LtiRegistration, launch: Launch) -> LtiDeployment:
    """Return the deployment of somebody who has not come from there before; keep an unknown one as inactive, for
    staff to recognise. At most MOST_UNKNOWN_DEPLOYMENTS rows of a platform wait so. Raises NotConnected.
    """
    name = launch.deployment_id
    deployment = LtiDeployment.objects.filter(registration=registration, deployment_id=name).first()
    if deployment is None:
        waiting = LtiDeployment.objects.filter(registration=registration, is_active=False).count()
        if waiting < MOST_UNKNOWN_DEPLOYMENTS:
            LtiDeployment.objects.get_or_create(registration=registration, deployment_id=name)
            logger.warning("registration %s launched from a deployment not yet connected", registration.pk)
        raise NotConnected("deployment_not_connected")
    return deployment


def _destination(launch: Launch, link: LtiResourceLink | None) -> Destination | None:
    """Return where the launch leads; None: to the picker. Raises NothingChosen, ActivityGone.

    What a teacher chose here and is gone since can be chosen anew by a teacher.
    """
    if launch.choice is not None:
        return None
    item = launch.activity or choosing.placed(link=link)
    if not item and not launch.teacher:
        raise NothingChosen("nothing_chosen")
    try:
        return destination(item=item, language=launch.language, context=launch.context) if item else None
    except ActivityGone:
        if launch.teacher and not launch.activity:
            return None
        raise


@transaction.atomic
def _admit(
    registration: LtiRegistration,
    deployment: LtiDeployment,
    launch: Launch,
    leads: Destination | None,
    known: Known,
) -> Admission:
    membership = people.enter(
        registration=registration, deployment=deployment, launch=launch, known=known.membership
    )
    link = people.link(context=membership.context, launch=launch, known=known.link)
    if launch.teacher:
        rosters.ask(context=membership.context)
    user: User = membership.user.auth_user
    if leads is not None and leads.course is not None:
        enrolment.ensure(user=user, course=leads.course, source=Enrolment.Source.LAUNCH)
    if link is not None:
        activity = leads.activity if leads else None
        lines.keep_line(membership=membership, link=link, launch=launch, activity=activity)
    origins = framing_origins(registration)
    may_choose = launch.teacher and not launch.activity
    picker = (
        choosing.begin(user=user, deployment=deployment, launch=launch, link=link) if may_choose else None
    )
    picker_url = choosing.picker_url(picker) if picker else ""
    return Admission(
        user=user,
        registration=registration,
        origins=origins,
        teacher=launch.teacher,
        item=leads.item if leads else "",
        course=leads.course if leads else None,
        context_id=membership.context_id,
        resource_link_id=link.pk if link else None,
        language=launch.language,
        return_url=launch.return_url if origin(launch.return_url) in origins else "",
        url=leads.url if leads else picker_url,
        change_url=picker_url if leads else "",
    )
