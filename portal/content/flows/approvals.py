"""Letters about approving pages, in our words and in the language of whoever reads them.

They stand in the place of Wagtail's own notifications, which it sends within the request. Whoever declined those on
Wagtail's page of one's account gets none of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted
from wagtail.users.models import UserProfile

from portal.conf import conf
from portal.outbox.letters import send_letter

if TYPE_CHECKING:
    from portal.directory.models import User

WAGTAILS = (
    (task_submitted, TaskState, "group_approval_task_submitted_email_notification"),
    (workflow_submitted, WorkflowState, "workflow_state_submitted_email_notification"),
    (workflow_rejected, WorkflowState, "workflow_state_rejected_email_notification"),
    (workflow_approved, WorkflowState, "workflow_state_approved_email_notification"),
)


def write_instead_of_wagtail() -> None:
    """Put our letters in the place of Wagtail's; called once, when all apps are ready."""
    for signal, sender, name in WAGTAILS:
        signal.disconnect(sender=sender, dispatch_uid=name)
    task_submitted.connect(tell_approvers, sender=TaskState, dispatch_uid="letters-asked")
    workflow_rejected.connect(tell_returned, sender=WorkflowState, dispatch_uid="letters-returned")
    workflow_approved.connect(tell_approved, sender=WorkflowState, dispatch_uid="letters-approved")


def tell_approvers(instance: TaskState, user: User | None = None, **kwargs: Any) -> None:
    """Ask those who approve, each once, though they may do so as editors and as administrators."""
    groups = getattr(instance.task.specific, "groups", None)
    page = instance.workflow_state.content_object
    if groups is None or not isinstance(page, Page):
        return
    approving = Q(groups__in=groups.all()) | Q(is_superuser=True)
    people = get_user_model()._default_manager.filter(approving, is_active=True).distinct()
    asking = instance.workflow_state.requested_by or user
    name = asking.display_name if asking else ""
    others = people.exclude(pk=user.pk) if user else people
    _write(others, "approval_asked", "submitted", page, f"asked:{instance.pk}", name=name)


def tell_returned(instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Tell who asked for approval what is to be changed."""
    task = instance.current_task_state
    name, comment = (user.display_name if user else ""), task.specific.get_comment()
    more = {"name": name, "comment": comment}
    _write(
        _asking(instance, user),
        "approval_returned",
        "rejected",
        instance.content_object,
        f"{task.pk}",
        **more,
    )


def tell_approved(instance: WorkflowState, user: User | None = None, **kwargs: Any) -> None:
    """Tell who asked for approval that the page is approved."""
    name = user.display_name if user else ""
    page = instance.content_object
    _write(_asking(instance, user), "approval_given", "approved", page, f"{instance.pk}", name=name)


def _asking(state: WorkflowState, user: User | None) -> list[User]:
    """Return who asked for approval, unless they have just dealt with it themselves."""
    asking: User | None = state.requested_by
    return [asking] if asking is not None and asking != user else []


@transaction.atomic
def _write(people: Iterable[User], template: str, preference: str, page: Any, key: str, **words: str) -> None:
    if not isinstance(page, Page):
        return
    link = urljoin(conf.SITE_URL, reverse("wagtailadmin_pages:edit", args=[page.pk]))
    context = {"title": page.get_admin_display_title(), "link": link, **words}
    for person in people:
        if person.email and getattr(UserProfile.get_for_user(person), f"{preference}_notifications"):
            send_letter(template=template, to=person, context=context, key=f"{template}:{key}:{person.pk}")
