"""Getting a class with permission: whoever does not teach it learns nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from lti_tool.models import LtiContext, LtiMembership

from courses.models import Activity
from courses.reports import CourseState, course_state
from lti.flows.rosters import teaches
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
    course = _course(launch.get("activity"))
    state = _state(request, course)
    return Taught(membership.context, course, state)


def _course(activity: object) -> Activity:
    """Return the course that the opened activity is, or is part of."""
    try:
        key = UUID(str(activity))
    except ValueError:
        raise Http404 from None
    found = Activity.objects.filter(uuid=key).select_related("course").first()
    course = found.course or found if found else None
    if course is None or course.kind != Activity.Kind.COURSE:
        raise Http404
    return course


def _state(request: HttpRequest, course: Activity) -> CourseState:
    """Return the course in the page's language, or in its first one."""
    for language in dict.fromkeys((language_here(), "lt")):
        state = course_state(course_id=course.pk, language=language, user=request.user)
        if state is not None:
            return state
    raise Http404
