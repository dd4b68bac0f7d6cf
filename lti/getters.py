"""Getting what a teacher's launch leads to, with permission: whoever does not teach here learns nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.timezone import now
from lti_tool.models import LtiContext, LtiMembership, LtiUser

from courses.models import Activity
from courses.reports import CourseState, course_state
from lti.flows.errors import UsedUp
from lti.flows.rosters import teaches
from lti.models import Selection
from portal.content.serving import language_here


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
    if selection.answered_at is not None or selection.expires_at <= now():
        raise UsedUp("choice_answered_or_too_old")
    return selection
