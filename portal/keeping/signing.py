"""Sign-ins of staff in the audit log: those that succeeded and those that failed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver
from wagtail.log_actions import log

from portal.directory.models import RoleAssignment, User


def is_staff(user: User) -> bool:
    """Whether the person holds any role today; learners' sign-ins are nobody's business."""
    return RoleAssignment.objects.current().filter(user=user).exists()


@receiver(user_logged_in, dispatch_uid="keeping.signed_in")
def note_success(sender: Any, user: User, **more: Any) -> None:
    """Note that somebody with a role signed in."""
    if is_staff(user):
        log(user, "keeping.signed_in", user=user)


@receiver(user_login_failed, dispatch_uid="keeping.sign_in_failed")
def note_failure(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    """Note that somebody tried to sign in as a person with a role, who is the one it is about; not who it was."""
    address = str(credentials.get("email") or credentials.get("username") or "")
    for user in (
        User.objects.filter(email__iexact=address, email_verified_at__isnull=False) if address else []
    ):
        if is_staff(user):
            log(user, "keeping.sign_in_failed")
