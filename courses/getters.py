"""Getting records with permission: somebody else's is not found, so nothing tells it exists."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from courses.flows import enrolment as enrolling
from courses.models import Activity, ActivityVersion, Attempt, Enrolment
from courses.versions import latest
from portal.content.reports import page_in
from portal.content.serving import admits, language_here


def is_teacher(request: HttpRequest) -> bool:
    """Whether the session began with a teacher's launch, so that attempts are previews."""
    return bool((request.session.get("launch") or {}).get("role") == "teacher")


def published(request: HttpRequest, uuid: UUID, kind: str) -> tuple[Activity, ActivityVersion]:
    """Return a published activity of ``kind`` with its newest version in the address's language.

    Its page must be live in that language and the visitor must be allowed to read it. Raises Http404.
    """
    activity = Activity.objects.filter(uuid=uuid, kind=kind).select_related("course").first()
    page = page_in(activity.translation_key, language_here()) if activity else None
    if activity is None or page is None or not admits(request, page):
        raise Http404
    version = latest(activity_id=activity.pk, language=language_here())
    if version is None:
        raise Http404
    return activity, version


def own_enrolment(request: HttpRequest, activity: Activity) -> Enrolment:
    """Return the signed-in person's enrolment in the activity's course, made if need be."""
    course = activity.course or activity
    if course.kind != Activity.Kind.COURSE:
        raise Http404
    return enrolling.ensure(user=request.user, course=course, source=Enrolment.Source.SELF)  # type: ignore[arg-type]


def own_attempt(request: HttpRequest, uuid: UUID) -> Attempt:
    """Return the person's own attempt, without its version's content. Raises Http404."""
    attempts = Attempt.objects.of(request.user).filter(uuid=uuid)
    attempt = (
        attempts.select_related("version", "enrolment", "quiz")
        .defer("version__payload", "version__rendered")
        .first()
    )
    if attempt is None:
        raise Http404
    return attempt
