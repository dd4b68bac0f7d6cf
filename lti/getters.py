"""Getting what a teacher's launch leads to, with permission: whoever does not teach here learns nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiDeployment, LtiMembership, LtiRegistration, LtiUser

from courses.models import Activity
from courses.reports import CourseState, course_state
from lti.flows.errors import UsedUp
from lti.flows.rosters import teaches
from lti.models import Selection
from portal.content.serving import language_here
from portal.directory.models import User


@dataclass(frozen=True)
class Taught:
    """A context and the course whose activity was opened from it, as it stands for the teacher."""

    context: LtiContext
    course: Activity
    state: CourseState


def taught_here(request: HttpRequest) -> Taught:
    """Return the class of this session's launch.

    The launch must have been a teacher's, and the person must still be one by their latest launch from that context,
    a member of it, and the platform and its deployment in use. Raises Http404.
    """
    launch = request.session.get("launch") or {}
    if launch.get("role") != "teacher":
        raise Http404
    membership = (
        LtiMembership.objects.filter(
            context=launch.get("context"),
            context__deployment__registration=launch.get("registration"),
            context__deployment__registration__is_active=True,
            context__deployment__is_active=True,
            user__auth_user=request.user.pk,
            is_active=True,
        )
        .select_related("context__deployment__registration")
        .first()
    )
    if membership is None or not teaches(membership):
        raise Http404
    course = _course(launch.get("course"))
    state = _state(request, course)
    return Taught(membership.context, course, state)


@dataclass(frozen=True)
class Learner:
    """Somebody who learns in the class of this session's launch, and has come from it at least once."""

    taught: Taught
    membership: LtiMembership
    user: User


def learner_here(request: HttpRequest, uuid: UUID) -> Learner:
    """Return a learner of the class, whether the list still names them or not.

    Nobody of another context or platform, and nobody who teaches there. Raises Http404.
    """
    taught = taught_here(request)
    come = LtiMembership.objects.filter(context=taught.context, user__auth_user__uuid=uuid)
    membership = come.select_related("user__auth_user", "context").order_by("pk").first()
    if membership is None or teaches(membership):
        raise Http404
    return Learner(taught, membership, membership.user.auth_user)


def quiz_of(taught: Taught, uuid: UUID) -> Activity:
    """Return a quiz of the class's course, as the teacher may see it. Raises Http404."""
    shown = [item.activity_id for item in taught.state.items if item.uuid == str(uuid)]
    quiz = Activity.objects.filter(pk__in=shown, course=taught.course, kind=Activity.Kind.QUIZ).first()
    if quiz is None:
        raise Http404
    return quiz


def _course(uuid: object) -> Activity:
    """Return the course that was opened, or of which a part was."""
    try:
        key = UUID(str(uuid))
    except ValueError:
        raise Http404 from None
    course = Activity.objects.filter(uuid=key, kind=Activity.Kind.COURSE).first()
    if course is None:
        raise Http404
    return course


def _state(request: HttpRequest, course: Activity) -> CourseState:
    """Return the course in the page's language, or in its first one."""
    for language in dict.fromkeys((language_here(), "lt")):
        state = course_state(course_id=course.pk, language=language, user=request.user)
        if state is not None:
            return state
    raise Http404


@dataclass(frozen=True)
class Asked:
    """What this session's data-privacy launch asks: of whom of which platform ("": of nobody), and who asks."""

    registration: LtiRegistration
    about: str
    own: bool
    is_signed_in: bool


def asked_here(request: HttpRequest) -> Asked:
    """Return what this session may ask of people's data; the platform and its deployment must still be in use.

    Raises Http404.
    """
    facts = request.session.get("privacy") or {}
    deployment = (
        LtiDeployment.objects.filter(
            pk=facts.get("deployment"),
            registration=facts.get("registration"),
            registration__is_active=True,
            is_active=True,
        )
        .select_related("registration__settings")
        .first()
    )
    if deployment is None:
        raise Http404
    registration, about = deployment.registration, str(facts["about"])
    mine = LtiUser.objects.filter(registration=registration, sub=about, auth_user=request.user.pk)
    own = bool(facts["own"])
    is_signed_in = own and request.user.is_authenticated and mine.exists()
    return Asked(registration=registration, about=about, own=own, is_signed_in=is_signed_in)


def own_identity(request: HttpRequest) -> LtiUser:
    """Return who the platform says the person of this launched session is. Raises Http404."""
    launch = request.session.get("launch") or {}
    mine = LtiUser.objects.filter(auth_user=request.user.pk, registration=launch.get("registration"))
    identity = mine.select_related("registration", "auth_user").order_by("-datetime_modified").first()
    if identity is None:
        raise Http404
    return identity


def own_selection(request: HttpRequest, uuid: UUID) -> Selection:
    """Return the person's own choice, still to be made, in a session that began by a teacher's launch.

    Raises Http404; UsedUp for one that has been answered or is too old.
    """
    launch = request.session.get("launch") or {}
    if launch.get("role") != "teacher" or not request.user.is_authenticated:
        raise Http404
    mine = Selection.objects.filter(uuid=uuid, user=request.user)
    selection = mine.select_related("deployment__registration", "resource_link__context", "user").first()
    if selection is None or selection.deployment.registration_id != launch.get("registration"):
        raise Http404
    if selection.used_at is not None or selection.expires_at <= now():
        raise UsedUp("choice_answered_or_too_old")
    return selection
