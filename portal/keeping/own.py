"""What this app itself holds of people: their exports, and that they asked to be forgotten."""

from __future__ import annotations

from datetime import datetime

from django.core.files.storage import storages
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.custody import Circumstances, Holding, Rule, Section, Unmovable, custody, rows
from portal.directory.models import User
from portal.keeping.flows import erasing, exporting, wishes
from portal.keeping.models import Erasure, Export, Night


def export(user: User) -> Section:
    """Return when the person asked for what."""
    return {
        "exports": rows("keeping.Export", "user", user, "asked_at", "made_at", "size"),
        "erasures": rows("keeping.Erasure", "user", user, "asked_at", "due_at", "state"),
    }


def erase(user: User) -> int:
    """Delete the exports and their files. The erasures stay: they name nobody, and none is to be decided any more."""
    others = Erasure.objects.filter(user=user).exclude(state=Erasure.State.RUNNING)
    others.update(reason="", asked_through="")
    others.filter(state=Erasure.State.PROPOSED).update(state=Erasure.State.CANCELLED)
    mine = Export.objects.filter(user=user)
    for one in mine.exclude(path=""):
        storages["private"].delete(one.path)
    return mine.delete()[0]


def move(source: User, target: User) -> None:
    """Delete files of data, which tell of ``source`` alone. Raises Unmovable while an erasure is open.

    One that is to be decided holds ``source``, too: it would go without anybody having decided.
    """
    if Erasure.objects.filter(user__in=[source, target]).open().exists():
        raise Unmovable("an erasure is open")
    if Erasure.objects.filter(user=source, state=Erasure.State.PROPOSED).exists():
        raise Unmovable("an erasure is to be decided")
    erase(source)
    Erasure.objects.filter(user=source).update(user=target)


def _dormant(before: datetime) -> models.QuerySet[User]:
    """Return people without any role who last came before the moment, for whom there is no other rule.

    Those who are being erased already are left out.
    """
    people = User.objects.filter(is_active=True, erased_at__isnull=True, role_assignments__isnull=True)
    last = Coalesce("last_login", "date_joined")
    people = people.annotate(last_came=last).filter(last_came__lt=before)
    for rule in custody.rules.values():
        if rule.governs is not None:
            people = people.exclude(pk__in=rule.governs().values("pk"))
    return people.exclude(pk__in=Erasure.objects.all().open().values("user"))


def _warn_dormant(people: models.QuerySet[User], limit: int) -> int:
    batch = list(people[:limit])
    for user in batch:
        erasing.warn_dormant(user=user)
    return len(batch)


custody.holds(
    Holding(
        name="requests",
        label=_("Your requests about your data"),
        records={"keeping.Export": "user", "keeping.Erasure": "user"},
        export=export,
        erase=erase,
        move=move,
        goes=_("Files of your data that were made for you."),
        stays=lambda: _("That an erasure was carried out, and on which day; without a name."),
        order=90,
    )
)
custody.wished = wishes.wished
custody.not_personal |= {
    "keeping.Erasure.asked_by": "handed over with the erasure; an administrator's own acts are in the log"
}
custody.keeps(
    Rule(
        name="exports",
        label=_("Files of people's own data"),
        old=lambda before: [Export.objects.all().over(before)],
        remove=exporting.expire,
        told=True,
    )
)
custody.keeps(
    Rule(
        name="nights",
        label=_("Reports of this job"),
        old=lambda before: [Night.objects.filter(began_at__lt=before)],
    )
)


@custody.restores("exports")
def forget_exports(circumstances: Circumstances) -> str:
    """Exports are not in a backup: say of them that they are no longer kept."""
    ready = Export.objects.filter(state=Export.State.READY)
    return f"{ready.update(state=Export.State.EXPIRED, path='')} exports must be asked for again"


custody.keeps(
    Rule(
        name="dormant",
        label=_("Accounts nobody came back to (warned, then erased a month later)"),
        old=lambda before: [_dormant(before)],
        remove=_warn_dormant,
    )
)
