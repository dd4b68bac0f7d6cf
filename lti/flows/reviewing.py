"""A teacher looks at what a learner has done, led there by the platform's grade book.

Who may, what the message is about, and which page of the class view shows it. What a column says of it is in
``reviewable``. Source: 1EdTech LTI Submission Review Service 1.0 (LtiSubmissionReviewRequest, ``for_user``).
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from lti_tool.models import LtiContext, LtiDeployment, LtiMembership

from courses.models import Activity
from courses.reports import has_work
from lti.flows.claims import Launch
from lti.flows.destinations import Destination, destination
from lti.flows.errors import NothingGraded, WorkOfOthers
from lti.flows.rosters import teaches
from lti.models import GradeLine
from portal.directory.models import User


def check(*, launch: Launch) -> None:
    """Refuse to show work to anybody but those who teach the context, and one's own to oneself. Raises WorkOfOthers."""
    if not launch.teacher and launch.reviewed != launch.person.subject:
        raise WorkOfOthers("review_by_no_teacher")


def destination_of(*, launch: Launch, deployment: LtiDeployment, item: str) -> Destination:
    """Return where the activity is whose work is to be looked at: ``item``, or what the column is for.

    Raises ActivityGone; NothingGraded for what gives no result (a page of the library).
    """
    found = item or _item_of_column(launch, deployment)
    leads = destination(item=found, language=launch.language, context=launch.context)
    if leads.course is None:
        raise NothingGraded("review_of_no_activity")
    return leads


def _item_of_column(launch: Launch, deployment: LtiDeployment) -> str:
    """Return the activity whose results go to the message's column; "" where none do."""
    if not launch.services.lineitem_url:
        return ""
    known = GradeLine.objects.filter(
        resource_link__context__deployment=deployment,
        resource_link__context__id_on_platform=launch.context.id,
        lineitem_url=launch.services.lineitem_url,
    )
    return str(known.values_list("activity__uuid", flat=True).first() or "")


def page_url(*, context: LtiContext, launch: Launch, leads: Destination) -> str:
    """Return the page with the person's work, or the one that says there is none.

    That is the same for somebody of another context or platform, or whom we have never heard of.
    """
    quiz = leads.activity if leads.activity and leads.activity.kind == Activity.Kind.QUIZ else None
    about = quiz or leads.course
    person = _learner(context, launch.reviewed)
    with translation.override(launch.language):
        if person is None or about is None or not has_work(user=person, activity=about):
            return reverse("classroom:nothing")
        if quiz is None:
            return reverse("classroom:progress", args=[person.uuid])
        return reverse("classroom:attempts", args=[person.uuid, quiz.uuid])


def _learner(context: LtiContext, subject: str) -> User | None:
    """Return who has come from the context by this name and does not teach there, a former member too."""
    membership = (
        LtiMembership.objects.filter(context=context, user__sub=subject)
        .select_related("user__auth_user")
        .first()
    )
    if membership is None or teaches(membership):
        return None
    return membership.user.auth_user
