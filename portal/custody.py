"""What each app declares of its records: what of them is somebody's, how long they are kept, what a restore must undo.

An app declares in its module ``keeping``; ``portal.keeping`` loads those modules and does the work. Imports go down
only, so this module knows none of ours, and whoever exports, erases or restores knows no app by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise

ACCOUNT = "account"  # the holding that is emptied, not moved, when everything else has been
Text = str | Promise
Section = dict[str, Any]


@dataclass(frozen=True)
class PersonalFile:
    """A file that goes into a person's export: its name there, and how to open it."""

    name: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True)
class Holding:
    """What an app holds of a person, how it is handed over and how it is erased.

    ``records`` names each model by its label and says by which lookup the person is found in it. ``export``
    returns JSON. ``erase`` runs in a transaction of its own and may run again after a crash: it must then change
    nothing more; it returns how many records it erased or emptied. ``words`` are the texts by which the person
    may be found elsewhere (a name, an address), so that logs can be rid of them. ``goes`` and ``stays`` tell the
    person, before and after, what is erased and what is kept and why. Holdings are erased by ``order``, upper
    apps first. ``of_launched`` is whether it can concern somebody who only ever came by launches of a platform.

    ``move`` hands what one person has over to another, when two accounts turn out to be one person's
    (docs/decisions/0022-joining-accounts.md): it is given both, in that order, runs in the caller's transaction, and
    leaves nothing of ``records`` behind. Where it has none, ``stays_behind`` says why. Raises Unmovable.
    """

    name: str
    label: Text
    records: dict[str, str]
    export: Callable[[Any], Section]
    erase: Callable[[Any], int]
    goes: Text
    order: int
    move: Callable[[Any, Any], None] | None = None
    stays_behind: str = ""
    stays: Callable[[], Text] = lambda: ""
    files: Callable[[Any], Iterable[PersonalFile]] = lambda _user: ()
    words: Callable[[Any], Iterable[str]] = lambda _user: ()
    of_launched: bool = True

    def count(self, user: Any) -> int:
        """Return how many records there are of the person."""
        theirs = (found(label, lookup, user) for label, lookup in self.records.items())
        return sum(records.count() for records in theirs if records is not None)


@dataclass(frozen=True)
class Origin:
    """Where somebody is wished to be erased from, so that staff can ask there.

    ``place`` is the platform as staff read it, ``identifier`` and ``name`` what it calls the person ("": no name).
    ``alone`` is whether the person comes to the portal from there and in no other way: nobody else's wish may take
    an account that its owner comes into by themselves.
    """

    place: str
    identifier: str
    name: str
    alone: bool


@dataclass(frozen=True)
class Wish:
    """A wish that is not over: when it was made, and whether it was approved."""

    asked_at: datetime
    is_approved: bool = False


class Unmovable(Exception):
    """Something of a person's cannot be handed over to another account now; the text says what."""


def delete_some(records: models.QuerySet[Any], limit: int) -> int:
    """Delete at most ``limit`` of the records, with what hangs on them; return how many."""
    batch = list(records.values_list("pk", flat=True)[:limit])
    records.model._base_manager.filter(pk__in=batch).delete()
    return len(batch)


@dataclass(frozen=True)
class Rule:
    """How long something is kept.

    ``name`` is its key in ``conf.RETENTION`` (days; 0: for ever). ``old`` returns, by its queries, what is from
    before a moment; ``remove`` removes at most ``limit`` of one of them and returns how many it removed. A rule that
    ``erases`` returns people, whom ``portal.keeping`` erases as if they had asked for it. ``own_terms`` says where its
    terms are set when that is not ``conf.RETENTION``; ``old`` then does without the moment. Whom it ``governs`` the
    portal's rule for dormant accounts leaves alone.
    """

    name: str
    label: Text
    old: Callable[[datetime], Sequence[models.QuerySet[Any]]]
    remove: Callable[[models.QuerySet[Any], int], int] = delete_some
    at_zero: Text = ""  # what 0 means where it is not "for ever"
    erases: bool = False
    told: bool = False  # whether it is of people, and they are told of it
    own_terms: Text = ""
    governs: Callable[[], models.QuerySet[Any]] | None = None

    def count(self, before: datetime) -> int:
        """Return how many there are from before the moment."""
        return sum(records.count() for records in self.old(before))

    def remove_some(self, before: datetime, limit: int) -> int:
        """Remove at most ``limit`` of what is from before the moment; return how many."""
        number = 0
        for records in self.old(before):
            if number < limit:
                number += self.remove(records, limit - number)
        return number


@dataclass(frozen=True)
class Circumstances:
    """How a backup is restored: when it was made, and what the operator knows of the time since.

    ``nothing_since``: the portal was stopped before the backup (a move to another machine). ``hold_letters``:
    letters that waited then are left for staff to decide. ``number_gap``: how many register numbers may have been
    given since.
    """

    made_at: datetime
    nothing_since: bool = False
    hold_letters: bool = False
    number_gap: int = 1000


@dataclass
class Custody:
    """All that the apps declared, by name."""

    holdings: dict[str, Holding] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    after_restore: dict[str, Callable[[Circumstances], str]] = field(default_factory=dict)
    not_personal: dict[str, str] = field(default_factory=dict)  # "app.Model.field": why it is nobody's
    origins: dict[str, Callable[[str, Any], Origin | None]] = field(default_factory=dict)
    wished: Callable[[Any, str], Wish | None] = lambda _user, _through: None  # what became of a wish

    def holds(self, holding: Holding) -> None:
        """Declare what is held of people. Raises ValueError when the name is taken."""
        if holding.name in self.holdings:
            raise ValueError(f"A holding named {holding.name} is already declared.")
        self.holdings[holding.name] = holding

    def keeps(self, rule: Rule) -> None:
        """Declare how long something is kept. Raises ValueError when the name is taken."""
        if rule.name in self.rules:
            raise ValueError(f"A rule named {rule.name} is already declared.")
        self.rules[rule.name] = rule

    def restores(
        self, name: str
    ) -> Callable[[Callable[[Circumstances], str]], Callable[[Circumstances], str]]:
        """Register a function to be called after a restore; it returns one line on what it did."""

        def register(function: Callable[[Circumstances], str]) -> Callable[[Circumstances], str]:
            self.after_restore[name] = function
            return function

        return register

    def origin_of(self, through: str, user: Any) -> Origin | None:
        """Return where a wish to erase ``user`` came from, as it stands now; None where nobody can say any more.

        ``through`` is what ERASURE_WISHED told: the name in ``origins`` of who passed it on, a colon, their own key.
        """
        name, _colon, key = through.partition(":")
        return self.origins[name](key, user) if name in self.origins else None

    def in_order(self) -> list[Holding]:
        """Return the holdings, upper apps first."""
        return sorted(self.holdings.values(), key=lambda holding: (holding.order, holding.name))

    def hand_over(self, source: Any, target: Any) -> None:
        """Give everything that ``source`` has to ``target``, and empty ``source``. In the caller's transaction.

        Raises Unmovable, also where something was left behind: nothing of anybody's learning is ever lost so.
        """
        moving = [holding for holding in self.in_order() if holding.move is not None]
        for holding in moving:
            assert holding.move is not None  # noqa: S101 (for the type checker)
            holding.move(source, target)
        for holding in moving:
            if holding.name == ACCOUNT:
                continue
            for label, lookup in holding.records.items():
                records = found(label, lookup, source)
                if records is not None and records.exists():
                    raise Unmovable(f"{label} was left behind")
        self.holdings[ACCOUNT].erase(source)


custody = Custody()

# A fact: an app passes on somebody's wish that a person be erased, for an administrator to decide. Its payload:
# ``person_id``, ``asker`` (in whose name, as staff read it), ``through`` (see Custody.origin_of) and ``key`` (the same
# wish twice is one).
ERASURE_WISHED = "custody.erasure_wished"


def found(label: str, lookup: str, user: Any) -> models.QuerySet[Any] | None:
    """Return the person's records of the model with this label; None where its app is not installed."""
    try:
        model = apps.get_model(label)
    except LookupError:
        return None
    return model._default_manager.filter(**{lookup: user.pk}).order_by("pk")


def rows(label: str, lookup: str, user: Any, *columns: str) -> list[dict[str, Any]]:
    """Return columns of the person's records of the model with this label; none where its app is not installed."""
    records = found(label, lookup, user)
    return [] if records is None else list(records.values(*columns))
