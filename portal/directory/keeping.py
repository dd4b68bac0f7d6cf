"""What is held of people's accounts, how long, and what a restore ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.custody import ACCOUNT, Circumstances, Holding, Rule, Section, custody, found, rows
from portal.directory.flows import sessions
from portal.directory.models import Affiliation, Invitation, User

# Records of ours and of the packages around accounts, each with the columns that are handed over. What is not
# handed over: secrets (a password's hash, a second factor's seed), which would only be a danger in a file.
RECORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "account.EmailAddress": ("user", ("email", "verified", "primary")),
    "directory.RoleAssignment": (
        "user",
        ("role", "library__name_lt", "territory__name_lt", "date_from", "date_to"),
    ),
    "directory.Affiliation": (
        "user",
        ("library__name_lt", "branch__name_lt", "job_title", "confirmed", "date_from", "date_to"),
    ),
    "directory.Invitation": (
        "person",
        ("library__name_lt", "email", "first_name", "last_name", "job_title", "invited_at"),
    ),
    "directory.User_groups": ("user", ("group__name",)),
    "directory.User_user_permissions": ("user", ("permission__codename",)),
    "wagtailusers.UserProfile": (
        "user",
        ("preferred_language", "current_time_zone", "theme", "contrast", "density", "avatar"),
    ),
    # Where second factors and single sign-on are installed:
    "mfa.Authenticator": ("user", ("type", "created_at", "last_used_at")),
    "socialaccount.SocialAccount": ("user", ("provider", "uid", "date_joined", "last_login", "extra_data")),
}
TOKENS = {"socialaccount.SocialToken": "account__user"}
NOT_TOLD = {"id", "password", "username", "is_staff", "is_superuser"}


def export(user: User) -> Section:
    """Return the account, the addresses, places of work and roles, and the sessions there are."""
    columns = [field.name for field in User._meta.concrete_fields if field.name not in NOT_TOLD]
    theirs = {label: rows(label, lookup, user, *columns) for label, (lookup, columns) in RECORDS.items()}
    return {
        "person": User.objects.values(*columns).get(pk=user.pk),
        "records": {label: records for label, records in theirs.items() if records},
        "sessions": [{"ends_at": row.expire_date} for row in sessions.of(user=user)],
    }


def words(user: User) -> Iterable[str]:
    """Return the names and addresses of the person."""
    yield from (user.get_full_name(), f"{user.last_name} {user.first_name}", user.first_name, user.last_name)
    yield from filter(None, [user.email, user.username, str(user.uuid)])
    for address in rows("account.EmailAddress", "user", user, "email"):
        yield address["email"]


def erase(user: User) -> int:
    """Leave an empty record, on which results without a name go on hanging; end sessions, roles, addresses."""
    number = sessions.end_all(user=user)
    _delete_avatar(user)
    for label, lookup in [*TOKENS.items(), *((label, lookup) for label, (lookup, _c) in RECORDS.items())]:
        records = found(label, lookup, user)
        number += 0 if records is None else records.delete()[0]
    for field in User._meta.concrete_fields:
        if not field.primary_key:
            setattr(user, field.name, field.get_default())  # new identifiers, no name, no address
    user.is_active, user.erased_at = False, now()
    user.set_unusable_password()
    user.save()
    return number + 1


def move(source: User, target: User) -> None:
    """Give places of work and groups to ``target``; the account itself is emptied afterwards.

    Of two entries for one library those of ``target`` stay. The callers have seen to it that no roles are moved.
    """
    there = set(Affiliation.objects.filter(user=target).values_list("library", flat=True))
    Affiliation.objects.filter(user=source).exclude(library__in=there).update(user=target)
    target.groups.add(*source.groups.all())


def _delete_avatar(user: User) -> None:
    profiles = found("wagtailusers.UserProfile", "user", user)
    for profile in profiles if profiles is not None else []:
        if profile.avatar:
            profile.avatar.delete(save=False)


custody.holds(
    Holding(
        name=ACCOUNT,
        label=_("Your account"),
        records={
            "directory.User": "pk",
            **{label: lookup for label, (lookup, _c) in RECORDS.items()},
            **TOKENS,
        },
        export=export,
        erase=erase,
        move=move,
        words=words,
        goes=_(
            "Your name, addresses, password, roles, places of work, and every session you are signed in with."
        ),
        stays=lambda: _("An empty record without a name, so that counts of learners stay right."),
        order=100,
    )
)


custody.not_personal |= {
    "directory.Invitation.invited_by": "who invites is in the log; the invitation is that of its person",
    "directory.Affiliation.decided_by": "what a coordinator decided is in the log; the affiliation is its person's",
}


# How long ---------------------------------------------------------------------------------------
def _never_confirmed(before: datetime) -> models.QuerySet[User]:
    """Return who signed up, never proved the address theirs, never came in, and left nothing behind anywhere."""
    people = User.objects.filter(email_verified_at__isnull=True, erased_at__isnull=True)
    people = people.filter(date_joined__lt=before, emailaddress__verified=False)
    people = people.exclude(emailaddress__verified=True)
    people = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)  # those came by a launch
    return people.left_nothing().distinct()


custody.keeps(
    Rule(
        name="sessions",
        label=_("Sessions that have ended"),
        old=lambda before: [Session.objects.filter(expire_date__lt=before)],
        told=True,
    )
)
custody.keeps(
    Rule(
        name="never_confirmed",
        label=_("Accounts whose address was never confirmed"),
        old=lambda before: [_never_confirmed(before)],
    )
)


custody.keeps(
    Rule(
        name="invitations",
        label=_("Invitations nobody accepted, and the accounts they made"),
        old=lambda before: [
            Invitation.objects.filter(invited_at__lt=before),
            User.objects.only_invited().filter(invited_at__lt=before).left_nothing(),
        ],
    )
)


@custody.restores("sessions")
def end_sessions(circumstances: Circumstances) -> str:
    """End every session: one that was ended after the backup must not be open again."""
    return f"{Session.objects.all().delete()[0]} sessions ended, everybody signs in anew"
