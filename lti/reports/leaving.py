"""Who came by learning platforms alone, and of them who has not come for as long as their platform keeps people.

Declared as a rule in ``lti.keeping``; whoever is in it is erased by ``portal.keeping``. The privacy page asks the same
question before it shows anybody's data (docs/decisions/0021-privacy-of-platforms.md).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.timezone import now
from lti_tool.models import LtiRegistration, LtiUser

from portal.conf import conf
from portal.custody import Origin
from portal.directory.models import User

ORIGIN = "lti"  # in custody.origins
# What gives a person another way in, or another part in the portal: by model and by what leads to the person.
OTHERWISE = {
    "directory.RoleAssignment": "user",
    "directory.Affiliation": "user",
    "directory.User_groups": "user",
    "directory.Invitation": "person",
    "catalogue.SubjectLibrarian": "user",
    "mfa.Authenticator": "user",
    "socialaccount.SocialAccount": "user",
}


@dataclass(frozen=True)
class Term:
    """How long the people of a platform are kept after they last came.

    ``months`` is the platform's own term, None without one; then ``days`` is the portal's, 0 for ever.
    """

    months: int | None
    days: int


def term_of(registration: LtiRegistration) -> Term:
    """Return the term of a platform."""
    own = getattr(registration, "settings", None)
    return Term(months=own.keep_months if own else None, days=int(conf.RETENTION.get("dormant", 0)))


def only_by_launches() -> QuerySet[User]:
    """Return open accounts of people who came by launches and can come, or act, in no other way.

    They have no password and no proved address, no single sign-on, no role (past or present), no place of work.
    """
    people = User.objects.filter(
        is_active=True,
        erased_at__isnull=True,
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
        email_verified_at__isnull=True,
        invited_at__isnull=True,
        is_staff=False,
        is_superuser=False,
    )
    people = people.filter(Exists(LtiUser.objects.filter(auth_user=OuterRef("pk"))))
    for label, lookup in OTHERWISE.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue  # its app is not installed
        people = people.filter(~Exists(model._default_manager.filter(**{lookup: OuterRef("pk")})))
    return people


def only_of(registration: LtiRegistration) -> QuerySet[User]:
    """Return those who came by launches of this platform alone."""
    known = LtiUser.objects.filter(auth_user=OuterRef("pk"))
    return only_by_launches().filter(
        Exists(known.filter(registration=registration)), ~Exists(known.exclude(registration=registration))
    )


def through(known: LtiUser) -> str:
    """Return by what a wish to erase this person of a platform is known (``portal.custody.Custody.origin_of``)."""
    return f"{ORIGIN}:{known.pk}"


def origin_of(key: str, user: User) -> Origin | None:
    """Return which platform wished ``user`` erased, and whether they come from there alone; None: not theirs now."""
    mine = LtiUser.objects.filter(auth_user=user).select_related("registration")
    known = mine.filter(pk=int(key)).first() if key.isdecimal() else None
    if known is None:
        return None
    return Origin(
        place=asker_of(known.registration),
        identifier=known.sub,
        name=f"{known.given_name} {known.family_name}".strip() or known.name,
        alone=only_of(known.registration).filter(pk=user.pk).exists(),
    )


def asker_of(registration: LtiRegistration) -> str:
    """Return a platform as staff read it: its own name for itself, and its address, which it cannot choose."""
    return f"{registration.name} ({registration.issuer})"


def over(registration: LtiRegistration, moment: datetime | None = None) -> QuerySet[User]:
    """Return the platform's people whose time is over; nobody where the platform has no term of its own.

    Whoever is known to another platform, too, is kept as long as the one that keeps them longest.
    """
    months = term_of(registration).months
    if not months:
        return User.objects.none()
    known = LtiUser.objects.filter(auth_user=OuterRef("pk"))
    longer = Q(registration__settings__isnull=True) | Q(registration__settings__keep_months__isnull=True)
    longer |= Q(registration__settings__keep_months__gt=months)
    people = only_by_launches().filter(
        Exists(known.filter(registration=registration)), ~Exists(known.filter(longer))
    )
    people = people.annotate(came=Coalesce("last_login", "date_joined"))
    return people.filter(came__lt=months_before(moment or now(), months)).order_by("pk")


def governed() -> QuerySet[User]:
    """Return whom platforms' own terms are for, whether they are over or not: known to none without a term."""
    without = LtiUser.objects.filter(auth_user=OuterRef("pk")).exclude(
        registration__settings__keep_months__gt=0
    )
    return only_by_launches().filter(~Exists(without))


def all_over() -> list[QuerySet[User]]:
    """Return, for each platform with a term of its own, whose time is over."""
    rows = LtiRegistration.objects.filter(settings__keep_months__gt=0).select_related("settings")
    return [over(registration) for registration in rows.order_by("pk")]


def months_before(moment: datetime, months: int) -> datetime:
    """Return the same day of the month so many months ago, or its last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
