"""What is kept of the people of a platform, as the apps declare it (``portal.custody``); of one of them, counted."""

from __future__ import annotations

from dataclasses import dataclass

from lti_tool.models import LtiMembership, LtiRegistration, LtiUser

from lti.models import GradeLine, RosterMember
from lti.reports import leaving
from portal.conf import conf
from portal.custody import Wish, custody

OURS = "platforms"  # the holding of lti.keeping


@dataclass(frozen=True)
class Kind:
    """One kind of data in words; ``number`` is how many records of a person there are, None where of nobody."""

    label: str
    goes: str
    stays: str
    number: int | None = None


@dataclass(frozen=True)
class Kept:
    """What is kept of one person of a platform.

    ``whole`` is whether all of it came by that platform's launches; otherwise only what they brought about is counted.
    ``account`` is whether there is anything but an entry on lists of participants. ``wish`` is the platform's own that
    the person be erased, while it is not over.
    """

    whole: bool
    account: bool
    kinds: list[Kind]
    wish: Wish | None = None


@dataclass(frozen=True)
class Shorter:
    """Something that is removed after some days, whoever it is about."""

    label: str
    days: int


def kinds() -> list[Kind]:
    """Return what can be kept of somebody who comes from a platform, in the language that is active."""
    holdings = [one for one in custody.in_order() if one.of_launched]
    return [Kind(str(one.label), str(one.goes), str(one.stays())) for one in holdings]


def shorter() -> list[Shorter]:
    """Return what of people is removed after some days anyway."""
    days = {rule.name: int(conf.RETENTION.get(rule.name, 0)) for rule in custody.rules.values()}
    rules = [rule for rule in custody.rules.values() if rule.told and days[rule.name]]
    return [Shorter(str(rule.label), days[rule.name]) for rule in rules]


def kept_of(registration: LtiRegistration, subject: str) -> Kept | None:
    """Return what is kept of somebody by what the platform calls them; None where nothing is.

    Of an account that is used otherwise, too, no more than what this platform told and was told.
    """
    known = LtiUser.objects.filter(registration=registration, sub=subject).select_related("auth_user").first()
    listed = RosterMember.objects.filter(roster__context__deployment__registration=registration)
    entries = listed.filter(subject=subject).count()
    if known is None or known.auth_user is None:
        return Kept(whole=False, account=False, kinds=[_ours(entries)]) if entries else None
    wish = custody.wished(known.auth_user, leaving.through(known))
    if leaving.only_of(registration).filter(pk=known.auth_user_id).exists():
        numbers = {one.name: one.count(known.auth_user) for one in custody.in_order()}
        numbers[OURS] += entries
        found = [
            Kind(str(one.label), str(one.goes), str(one.stays()), numbers[one.name])
            for one in custody.in_order()
            if numbers[one.name]
        ]
        return Kept(whole=True, account=True, kinds=found, wish=wish)
    memberships = LtiMembership.objects.filter(user=known).count()
    lines = GradeLine.objects.filter(lti_user=known).count()
    return Kept(whole=False, account=True, kinds=[_ours(1 + memberships + lines + entries)], wish=wish)


def _ours(number: int) -> Kind:
    holding = custody.holdings[OURS]
    return Kind(str(holding.label), str(holding.goes), str(holding.stays()), number)
