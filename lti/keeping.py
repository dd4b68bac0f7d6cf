"""What learning platforms told us of people, and what of launches is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiUser

from lti.models import (
    AccountLink,
    EntryTicket,
    GradeLine,
    LaunchState,
    PlacedLink,
    PlatformInvitation,
    Roster,
    RosterMember,
    Selection,
)
from lti.reports import leaving
from portal.custody import Circumstances, Holding, Rule, Section, custody, rows
from portal.outbox.models import Delivery

GRADES_STAY = _("Grades that a platform has received stay there; ask the platform to erase them.")
LISTS_STAY = _("As long as you are in a course there, its list of participants names you to us.")
TOLD = ("sub", "given_name", "family_name", "name", "email", "picture_url")


def export(user: Any) -> Section:
    """Return who the person is on each platform, in which courses, and where results were sent."""
    return {
        "identities": rows("lti_tool.LtiUser", "auth_user", user, "registration__name", *TOLD),
        "courses": rows(
            "lti_tool.LtiMembership", "user__auth_user", user, "context__title", "is_learner", "is_instructor"
        ),
        "results_sent": rows(
            "lti.GradeLine", "user", user, "activity__title", "lineitem_url", "last_sent_at"
        ),
        "choices": rows("lti.Selection", "user", user, "created_at", "used_at"),
        "links_chosen": rows("lti.PlacedLink", "chosen_by", user, "resource_link__title", "chosen_at"),
        "joined": rows(
            "lti.AccountLink", "account", user, "lti_user__registration__name", "joined_at", "parted_at"
        ),
        "lists": list(
            listed(user).values("roster__context__title", "subject", "given_name", "family_name", "role")
        ),
    }


def listed(user: Any) -> QuerySet[RosterMember]:
    """Return the person's entries on lists of participants: by platform and identifier, for lists know no accounts."""
    same = LtiUser.objects.filter(
        auth_user=user,
        registration=OuterRef("roster__context__deployment__registration"),
        sub=OuterRef("subject"),
    )
    return RosterMember.objects.filter(Exists(same)).order_by("pk")


def move(source: Any, target: Any) -> None:
    """Let the identities, with where their results go and what was chosen, be those of ``target``."""
    LtiUser.objects.filter(auth_user=source).update(auth_user=target)
    GradeLine.objects.filter(user=source).update(user=target)
    Selection.objects.filter(user=source).update(user=target)
    PlacedLink.objects.filter(chosen_by=source).update(chosen_by=target)
    EntryTicket.objects.filter(user=source).delete()


def words(user: Any) -> Iterable[str]:
    """Return the names and addresses that platforms told."""
    for told in LtiUser.objects.filter(auth_user=user):
        yield from (told.given_name, told.family_name, told.name, told.email, told.sub)
        yield f"{told.given_name} {told.family_name}"
    for entry in listed(user):
        yield from (entry.given_name, entry.family_name)


def erase(user: Any) -> int:
    """Delete the identities with all that hangs on them, and let go of results that have not left."""
    lines = list(GradeLine.objects.filter(user=user).values_list("pk", flat=True))
    streams = Delivery.objects.filter(stream__in=[f"lti:{pk}" for pk in lines])
    streams.pending().update(
        state=Delivery.State.SUPERSEDED, settled_at=now(), last_status="erased", lease_owner=""
    )
    streams.update(payload={}, last_error="")
    GradeLine.objects.filter(pk__in=lines).delete()
    Selection.objects.filter(user=user).delete()
    PlacedLink.objects.filter(chosen_by=user).update(chosen_by=None)
    EntryTicket.objects.filter(user=user).delete()
    AccountLink.objects.filter(account=user).delete()
    RosterMember.objects.filter(pk__in=list(listed(user).values_list("pk", flat=True))).delete()
    return int(LtiUser.objects.filter(auth_user=user).delete()[0])


custody.holds(
    Holding(
        name="platforms",
        label=_("Learning platforms"),
        records={
            "lti_tool.LtiUser": "auth_user",
            "lti_tool.LtiMembership": "user__auth_user",
            "lti.GradeLine": "user",
            "lti.Selection": "user",
            "lti.PlacedLink": "chosen_by",
            "lti.AccountLink": "account",
        },
        export=export,
        erase=erase,
        move=move,
        words=words,
        goes=_("Who you are on each learning platform; results that have not been sent yet are not sent."),
        stays=lambda: f"{GRADES_STAY} {LISTS_STAY}",
        order=10,
    )
)
custody.origins[leaving.ORIGIN] = leaving.origin_of
custody.not_personal |= {
    "lti_tool.LtiPlatformInstance.contact_email": "the address of a platform's support desk",
    "lti.EntryTicket.user": "takes a launch on to a new tab within two minutes; swept within the hour",
}
custody.keeps(
    Rule(
        name="launches",
        label=_("Launches and choices that nobody finished"),
        old=lambda before: [
            LaunchState.objects.filter(expires_at__lt=before),
            Selection.objects.filter(expires_at__lt=before),
            EntryTicket.objects.filter(expires_at__lt=before),
            AccountLink.objects.filter(expires_at__lt=before, joined_at__isnull=True),
        ],
    )
)
custody.keeps(
    Rule(
        name="rosters",
        label=_("Lists of participants of learning platforms' courses that are no longer read"),
        old=lambda before: [Roster.objects.filter(read_at__lt=before)],
        told=True,
    )
)
custody.keeps(
    Rule(
        name="platform_people",
        label=_("People who came by a learning platform alone, and not again in its term"),
        old=lambda before: leaving.all_over(),
        erases=True,
        own_terms=_("as set for each platform"),
        governs=leaving.governed,
    )
)


@custody.restores("launches")
def forget_launches(circumstances: Circumstances) -> str:
    """Forget launches that had begun: one that was used after the backup must not work again; nor a ticket."""
    EntryTicket.objects.all().delete()
    AccountLink.objects.filter(joined_at__isnull=True).delete()
    return f"{LaunchState.objects.all().delete()[0]} begun launches forgotten"


@custody.restores("invitations of platforms")
def close_invitations(circumstances: Circumstances) -> str:
    """Let no invitation be used any more: one that was used after the backup must not work again."""
    moment = now()
    gone = PlatformInvitation.objects.all().open(moment).update(withdrawn_at=moment)
    return f"{gone} invitations of platforms withdrawn"
