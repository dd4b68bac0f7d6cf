"""An account of this portal and a platform's person become one, and part again (decision 0022).

Joined only by somebody signed in to both: the launched session shows a code, and the session of the account is where
it is typed. No address, no name and no platform's word does it.
"""

from __future__ import annotations

import secrets
import uuid
from urllib.parse import urljoin

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override
from lti_tool.models import LtiUser
from wagtail.log_actions import log

from courses.models import Enrolment
from lti.flows import lines, people
from lti.flows.claims import Person
from lti.flows.initiation import fingerprint
from lti.models import AccountLink, EntryTicket, GradeLine
from portal.conf import conf
from portal.custody import Unmovable, custody, found
from portal.directory.flows import sessions
from portal.directory.models import User
from portal.directory.scope import holds_rights
from portal.outbox.letters import send_letter

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # hard to confuse
CODE_LENGTH = 8  # of 30 characters: 39 bits, for ten minutes, at twenty tries


class NotJoined(Exception):
    """Nothing was joined, and nothing has changed."""


class CodeUnknown(NotJoined):
    """There is no such code: mistyped, used, expired, or replaced by a newer one."""


class HoldsRole(NotJoined):
    """One of the two may do what staff may: a platform must not be able to let anybody in as them."""


class NotOnlyLaunched(NotJoined):
    """Who was launched is an account of this portal already."""


class AddressNotProved(NotJoined):
    """The account has no address proved its person's: nobody could be told."""


class PairedOtherwise(NotJoined):
    """One of the two is, or was, another's: what one person learnt must not count for several."""


class NotNow(NotJoined):
    """Something of theirs cannot be moved now, such as while an erasure is open."""


def may_be_staff(user: User) -> bool:
    """Tell whether the person has rights of staff, or is about to: by a role of any day, a group or a mark."""
    if user.is_staff or user.is_superuser or holds_rights(user) or user.role_assignments.exists():
        return True
    return user.user_permissions.exists() or user.groups.filter(permissions__isnull=False).exists()


def comes_only_by_launches(user: User) -> bool:
    """Tell whether there is no other way in for this person."""
    accounts = found("socialaccount.SocialAccount", "user", user)
    signs_on = accounts is not None and accounts.exists()
    return not (user.is_local or user.has_usable_password() or signs_on)


def check_launched(*, user: User) -> None:
    """Refuse who cannot become somebody else. Raises NotOnlyLaunched, HoldsRole."""
    if not comes_only_by_launches(user):
        raise NotOnlyLaunched
    if may_be_staff(user):
        raise HoldsRole


def check_account(*, user: User) -> None:
    """Refuse an account that a platform may not open. Raises HoldsRole, AddressNotProved."""
    if may_be_staff(user):
        raise HoldsRole
    if not user.is_local:
        raise AddressNotProved


def check_pair(*, identity: LtiUser, account: User) -> None:
    """Refuse a second person of a platform for an account, and a second account for a person; for ever.

    Otherwise one person's work, or one account's, could be handed round a class. Raises PairedOtherwise.
    """
    if AccountLink.objects.all().others_of(identity=identity, account=account).exists():
        raise PairedOtherwise


@transaction.atomic
def new_code(*, identity: LtiUser) -> str:
    """Return a new code for a launched person; the one before it is none any more. Raises NotJoined's kinds."""
    check_launched(user=identity.auth_user)
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    AccountLink.objects.filter(lti_user=identity, joined_at__isnull=True).delete()
    AccountLink.objects.create(lti_user=identity, code_sha256=fingerprint(code))
    return f"{code[:4]}-{code[4:]}"


def find(*, code: str, account: User) -> AccountLink:
    """Return what a code would join with the account; nothing is used up. Raises NotJoined's kinds."""
    check_account(user=account)
    plain = "".join(code.split()).replace("-", "").upper()
    rows = (
        AccountLink.objects.all()
        .usable(now())
        .select_related("lti_user__auth_user", "lti_user__registration")
    )
    row = rows.filter(code_sha256=fingerprint(plain)).first() if len(plain) == CODE_LENGTH else None
    if row is None or not row.lti_user.registration.is_active or not row.lti_user.auth_user.is_active:
        raise CodeUnknown
    check_launched(user=row.lti_user.auth_user)
    check_pair(identity=row.lti_user, account=account)
    return row


@transaction.atomic
def join(*, code: str, account: User) -> AccountLink:
    """Make the platform's person and the account one: all that was learnt in launches is the account's from now on.

    Raises NotJoined's kinds, and then nothing has changed.
    """
    link = find(code=code, account=account)
    identity, source = link.lti_user, link.lti_user.auth_user
    list(User.objects.select_for_update().filter(pk__in=[source.pk, account.pk]).order_by("pk"))
    check_launched(user=source)
    check_account(user=account)
    check_pair(identity=identity, account=account)
    if not AccountLink.objects.all().consume(pk=link.pk, account=account, moment=now()):
        raise CodeUnknown
    courses = [
        set(Enrolment.objects.filter(user=one).values_list("course_id", flat=True))
        for one in (source, account)
    ]
    try:
        custody.hand_over(source, account)
    except Unmovable as obstacle:
        raise NotNow(str(obstacle)) from None
    _send_what_is_there(identity, courses[0] & courses[1])
    _tell(identity, account)
    link.refresh_from_db()
    return link


def _send_what_is_there(identity: LtiUser, courses: set[int]) -> None:
    """Let the platform have the results of courses that both had taken."""
    for line in (
        GradeLine.objects.filter(lti_user=identity).exclude(lineitem_url="").select_related("activity")
    ):
        if {line.activity_id, line.activity.course_id} & courses:
            lines.send_what_is_there(line)


def _tell(identity: LtiUser, account: User) -> None:
    platform = identity.registration.name
    log(account, "lti.account_joined", user=account, data={"platform": platform})
    with override(account.preferred_language):
        page = urljoin(conf.SITE_URL, reverse("joining:mine"))
    context = {"platform": platform, "name": name_of(identity), "page": page}
    send_letter(
        template="account_joined", to=account, context=context, key=f"joined:{identity.pk}:{uuid.uuid4().hex}"
    )


def name_of(identity: LtiUser) -> str:
    """Return what the platform calls the person; "" where it says no name."""
    return f"{identity.given_name} {identity.family_name}".strip()


@transaction.atomic
def part(*, link: AccountLink) -> None:
    """Part them again: what was learnt stays with the account, the platform's person begins anew."""
    identity = LtiUser.objects.select_for_update().select_related(None).get(pk=link.lti_user_id)
    account, platform = link.account, identity.registration
    if account is None or identity.auth_user_id != account.pk:
        return
    told = Person(identity.sub, identity.given_name[:150], identity.family_name[:150], identity.email)
    identity.auth_user = people.new_user(told, account.preferred_language)
    identity.save(update_fields=["auth_user", "datetime_modified"])
    GradeLine.objects.filter(lti_user=identity).update(user=identity.auth_user)
    EntryTicket.objects.filter(user=account, registration=platform).delete()
    sessions.end_those(
        user=account, which=lambda held: held.get("launch", {}).get("registration") == platform.pk
    )
    log(account, "lti.account_parted", user=account, data={"platform": platform.name})
    link.parted_at = now()
    link.save(update_fields=["parted_at"])


def sweep() -> int:
    """Delete codes that cannot be used any more; return how many."""
    return AccountLink.objects.filter(joined_at__isnull=True, expires_at__lt=now()).delete()[0]
