"""What an administrator may do with a person: address and roles in the whole portal."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.utils.timezone import now

from portal.directory.flows.roles import end, grant
from portal.directory.models import Role, RoleAssignment, User


def owner_of(*, email: str, besides: User | None = None) -> User | None:
    """Return who, other than ``besides``, has proved this address theirs."""
    proved = models.Q(email__iexact=email, email_verified_at__isnull=False) | models.Q(
        emailaddress__in=EmailAddress.objects.filter(email__iexact=email, verified=True)
    )
    return User.objects.filter(proved).exclude(pk=besides.pk if besides else None).first()


def is_taken(*, email: str, besides: User | None = None) -> bool:
    """Whether somebody other than ``besides`` has proved this address theirs."""
    return owner_of(email=email, besides=besides) is not None


@transaction.atomic
def give_address(*, user: User, email: str | None) -> None:
    """Make ``email`` the person's one address, vouched for by the administrator; None leaves them without."""
    email = email.lower() if email else None  # people sign in with it however they write it
    EmailAddress.objects.filter(user=user).delete()
    if email:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    user.email, user.email_verified_at = email, now() if email else None
    user.save(update_fields=["email", "email_verified_at"])


@transaction.atomic
def hold(*, user: User, roles: set[str], among: set[Role], by: User | None) -> None:
    """Let ``user`` hold, of the portal's roles ``among``, exactly ``roles``; those at a place stay as they are."""
    current = RoleAssignment.objects.current().filter(
        user=user, role__in=among, library__isnull=True, territory__isnull=True
    )
    for assignment in current.exclude(role__in=roles):
        end(assignment=assignment, by=by)
    for role in sorted(roles - set(current.values_list("role", flat=True))):
        grant(user=user, role=Role(role), by=by)
