"""The directory's work by the clock."""

from datetime import timedelta

from celery import shared_task
from django.utils.timezone import now

from portal.conf import conf
from portal.directory.flows import accounts, roles
from portal.directory.models import User


@shared_task
def apply_dates() -> int:
    """Derive groups anew for everyone with a role, so that roles begin and end on their day."""
    people = User.objects.filter(role_assignments__isnull=False).distinct()
    for user in people:
        roles.derive_groups(user=user)
    return people.count()


@shared_task
def forget_unconfirmed() -> int:
    """Delete accounts whose address was not confirmed in time (KELRODIS_UNCONFIRMED_DAYS)."""
    return accounts.forget_unconfirmed(before=now() - timedelta(days=conf.UNCONFIRMED_DAYS))
