"""The directory's work by the clock."""

from celery import shared_task

from portal.directory.flows import roles
from portal.directory.models import User


@shared_task
def apply_dates() -> int:
    """Derive groups anew for everyone with a role, so that roles begin and end on their day."""
    people = User.objects.filter(role_assignments__isnull=False).distinct()
    for user in people:
        roles.derive_groups(user=user)
    return people.count()
