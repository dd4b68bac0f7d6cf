"""Getting what a teacher is busy with: somebody else's is not found."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.timezone import now

from lti.flows.errors import UsedUp
from lti.models import Selection


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
