"""Coming to a course."""

from __future__ import annotations

from django.db import transaction

from courses.models import Activity, Enrolment
from portal.directory.models import Affiliation, User


@transaction.atomic
def ensure(*, user: User, course: Activity, source: str) -> Enrolment:
    """Return the person's enrolment in ``course``, made if there is none.

    The enrolment keeps the library the person works in today. Raises ValueError when ``course``
    is not a course.
    """
    if course.kind != Activity.Kind.COURSE:
        raise ValueError("People enrol in courses, not in their parts.")
    existing = Enrolment.objects.filter(user=user, course=course).first()
    if existing is not None:
        return existing
    work = Affiliation.objects.current().filter(user=user, confirmed=True).order_by("-date_from").first()
    enrolment, _created = Enrolment.objects.get_or_create(
        user=user,
        course=course,
        defaults={"source": source, "library_id": work.library_id if work else None},
    )
    return enrolment
