"""The second step of a launch: the platform's message is checked, the person comes in.

Everything is checked before anything is written; what is written is written together.
"""

from __future__ import annotations

import hmac
import logging
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import now
from lti_tool.lti_core.constants import AgsScope
from lti_tool.models import LtiDeployment, LtiMembership, LtiRegistration, LtiResourceLink

from courses.flows import enrolment
from courses.models import Activity, Attempt, Completion, Enrolment
from courses.reports import page_url
from lti.flows import claims, people, rosters, verification
from lti.flows.addresses import framing_origins, origin
from lti.flows.claims import Launch
from lti.flows.errors import (
    ActivityGone,
    NotConnected,
    NothingChosen,
    NotTrusted,
    OtherBrowser,
    Refused,
    UsedUp,
)
from lti.flows.initiation import fingerprint
from lti.flows.text import is_identifier
from lti.models import GradeLine, LaunchState
from portal.directory.models import User
from portal.outbox.recording import record

logger = logging.getLogger(__name__)

MOST_UNKNOWN_DEPLOYMENTS = 20


@dataclass(frozen=True)
class Admission:
    """A launch that went through: who came, as what, from where, to which address."""

    user: User
    registration: LtiRegistration
    origins: list[str]
    teacher: bool
    activity: Activity
    context_id: int
    resource_link_id: int
    language: str
    return_url: str
    url: str


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
        raise OtherBrowser("binding_cookie_missing" if not binding else "binding_cookie_wrong")


def complete(*, row: LaunchState, binding: str, token: str) -> Admission:
    """Check the platform's message for the launch ``row`` and let the person in.

    Raises one of the named refusals; nothing but a used-up state, or a deployment waiting to be
    recognised, is left behind then.
    """
    moment = now()
    registration = row.registration
    if not registration.is_active:
        raise NotConnected("platform_disabled")
    if row.used_at is not None or row.expires_at <= moment:
        raise UsedUp("state_used" if row.used_at else "state_expired")
    check_browser(row=row, binding=binding)
    message = verification.verified(token=token, registration=registration)
    verification.check(claims=message, registration=registration, nonce=row.nonce, moment=moment.timestamp())
    try:
        launch = claims.parse(message)
        if launch.target_link_uri != row.target_link_uri:
            raise NotTrusted("target_link_uri_of_another_launch")
        deployment = _deployment(registration, launch.deployment_id)
        if not LaunchState.objects.all().consume(pk=row.pk, moment=moment):
            raise UsedUp("state_used")
        activity, url = _destination(launch)
        return _admit(registration, deployment, launch, activity, url)
    except Refused as refusal:
        refusal.language = claims.language_of(message)
        raise


def _deployment(registration: LtiRegistration, deployment_id: str) -> LtiDeployment:
    """Return the active deployment; keep an unknown one as inactive, for staff to recognise, and refuse.

    At most MOST_UNKNOWN_DEPLOYMENTS rows of a platform wait so.
    """
    deployment = LtiDeployment.objects.filter(registration=registration, deployment_id=deployment_id).first()
    if deployment is not None and deployment.is_active:
        return deployment
    if deployment is None:
        waiting = LtiDeployment.objects.filter(registration=registration, is_active=False).count()
        if waiting < MOST_UNKNOWN_DEPLOYMENTS:
            LtiDeployment.objects.get_or_create(registration=registration, deployment_id=deployment_id)
            logger.warning("registration %s launched from a deployment not yet connected", registration.pk)
    raise NotConnected("deployment_not_connected")


def _destination(launch: Launch) -> tuple[Activity, str]:
    """Return the published activity the link names, and its address. Raises NothingChosen, ActivityGone."""
    if not launch.activity:
        raise NothingChosen(teacher=launch.teacher)
    try:
        key = uuid.UUID(launch.activity)
    except ValueError:
        raise ActivityGone("activity_not_a_uuid") from None
    activity = Activity.objects.filter(uuid=key).select_related("course").first()
    if activity is None or _course_of(activity) is None:
        raise ActivityGone("activity_unknown")
    url = page_url(activity, launch.language)
    if url is None:
        raise ActivityGone("activity_not_published")
    return activity, url


def _course_of(activity: Activity) -> Activity | None:
    return activity if activity.kind == Activity.Kind.COURSE else activity.course


@transaction.atomic
def _admit(
    registration: LtiRegistration, deployment: LtiDeployment, launch: Launch, activity: Activity, url: str
) -> Admission:
    membership = people.enter(registration=registration, deployment=deployment, launch=launch)
    link = people.link(context=membership.context, launch=launch)
    if launch.teacher:
        rosters.ask(context=membership.context)
    course = _course_of(activity)
    assert course is not None  # noqa: S101 (_destination refused it)
    user: User = membership.user.auth_user
    enrolment.ensure(user=user, course=course, source=Enrolment.Source.LAUNCH)
    _keep_grade_line(membership, link, launch, activity)
    origins = framing_origins(registration)
    return Admission(
        user=user,
        registration=registration,
        origins=origins,
        teacher=launch.teacher,
        activity=activity,
        context_id=membership.context_id,
        resource_link_id=link.pk,
        language=launch.language,
        return_url=launch.return_url if origin(launch.return_url) in origins else "",
        url=url,
    )


def _keep_grade_line(
    membership: LtiMembership, link: LtiResourceLink, launch: Launch, activity: Activity
) -> None:
    """Keep where the person's result goes: the line item coupled with the link, if it takes scores.

    A teacher has no line (Moodle refuses their scores); one made while they were a learner is closed.
    """
    services = launch.services
    wanted = not launch.teacher and AgsScope.PUBLISH_SCORES.value in (services.scopes or ())
    url = services.lineitem_url if wanted else ""
    line = GradeLine.objects.filter(lti_user=membership.user, resource_link=link).first()
    if line is not None:
        people.keep(line, user_id=membership.user.auth_user_id, activity_id=activity.pk, lineitem_url=url)
    elif url:
        line, new = GradeLine.objects.get_or_create(
            lti_user=membership.user,
            resource_link=link,
            defaults={"user": membership.user.auth_user, "activity": activity, "lineitem_url": url},
        )
        if new:
            _send_what_is_there(line)


def _send_what_is_there(line: GradeLine) -> None:
    """Send a result that the person had before they first came by this link: by another one, or from the site."""
    attempts = Attempt.objects.filter(enrolment__user=line.user, quiz=line.activity, preview=False)
    attempt = attempts.filter(state=Attempt.State.FINISHED).order_by("number").last()
    if attempt is not None:
        record("courses.attempt_graded", attempt_id=attempt.pk)
    completion = Completion.objects.filter(enrolment__user=line.user, enrolment__course=line.activity).first()
    if completion is not None:
        record("courses.enrolment_completed", completion_id=completion.pk)
