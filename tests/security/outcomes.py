"""What an address answers to whom: tables by kind of person, and rows that ask for one address in one way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.security.world import HELD, KINDS, TERRITORIES, World

LOCAL = {"owner", "coordinator", "director", "territory"}  # to things of another territory they are strangers
OF_PEOPLE = {  # things of which each territory has its own
    "running",
    "finished",
    "credential",
    "token",
    "person",
    "work",
    "invitation",
    "waiting",
    "role",
    "library",
    "letters",
    "participant",
    "participant's quiz",
    "export",
    "choice",
}
STRANGER = "stranger"

IN = "to sign-in"  # asked to sign in first
AWAY = "elsewhere"  # done, and led on
HOME = "to the admin's home"  # Wagtail's way of saying no to somebody who may enter its admin

Outcome = str | int


def table_of(default: Outcome, **others: Outcome) -> dict[str, Outcome]:
    """Return the outcome for each kind of person: ``default`` unless named otherwise (``_`` for a space)."""
    named = {name.replace("_", " "): outcome for name, outcome in others.items()}
    kinds = ["anonymous", *KINDS]
    assert set(named) <= set(kinds), named
    return {STRANGER: default, **{kind: named.get(kind, default) for kind in kinds}}


EVERYBODY = table_of(200)
SIGNED_IN = table_of(200, anonymous=IN)
DOES = table_of(AWAY, anonymous=IN)
OWN = table_of(404, anonymous=IN, owner=200)
OWN_DOES = table_of(404, anonymous=IN, owner=AWAY)
POST_ONLY = table_of(405)
STAFF = table_of(403, anonymous=IN, author=200, subject_librarian=200, editor=200, administrator=200)
NOT_STAFF_OR_404 = {kind: 404 if outcome == 200 else outcome for kind, outcome in STAFF.items()}
EDITORS = STAFF | {"author": HOME, "subject librarian": HOME}
ADMINISTRATORS = EDITORS | {"editor": HOME}
CHOOSES = table_of(404, teacher=200)  # only a session begun by a teacher's launch
KEEPERS = STAFF | {"author": HOME}  # of the library's cards and rules
ANSWERERS = KEEPERS | {"editor": HOME}  # of questions to the librarian
READERS = table_of(404, anonymous=IN, territory=200, administrator=200)  # of the audit log
TEACHES = table_of(404, anonymous=IN, teacher=200)  # the class one came from
DECIDES = ADMINISTRATORS | {"administrator": AWAY}
# those who look after people; of them a director only sees, and of one's neighbours one sees nobody
DECIDERS = table_of(404, anonymous=IN, coordinator=200, neighbour=200, territory=200, administrator=200)
SEES_PEOPLE = DECIDERS | {"director": 200}
DECIDES_HERE = table_of(404, anonymous=IN, coordinator=200, territory=200, administrator=200)
SEES_HERE = DECIDES_HERE | {"director": 200}
GRANTS_HERE = table_of(404, anonymous=IN, territory=200, administrator=200)


NOT_LAUNCHED = table_of(200, anonymous=IN, student=403, teacher=403)
BY_PASSWORD = NOT_LAUNCHED | dict.fromkeys(HELD, AWAY)  # whoever holds a role has a second factor
BY_CODE = {kind: {200: AWAY, AWAY: 200}.get(outcome, outcome) for kind, outcome in BY_PASSWORD.items()}


def within(result: Outcome) -> dict[str, Outcome]:
    """Return ``result`` for whoever signed in here, as a page of one's own account has it."""
    return {kind: result if outcome == 200 else outcome for kind, outcome in NOT_LAUNCHED.items()}


def done(table: dict[str, Outcome]) -> dict[str, Outcome]:
    """Return the table of what those who get the page also do."""
    return {kind: AWAY if outcome == 200 else outcome for kind, outcome in table.items()}


@dataclass(frozen=True)
class Row:
    """One address asked in one way: its name, what stands in it, and what everybody gets."""

    name: str
    expected: dict[str, Outcome]
    thing: str = ""
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    arguments: dict[Any, Any] = field(default_factory=dict)
    elsewhere: dict[str, Outcome] = field(
        default_factory=dict
    )  # for local people and another territory's things

    def __str__(self) -> str:
        extra = " ".join(map(str, self.arguments.values()))
        return " ".join(filter(None, [self.method.upper(), self.name, self.thing, extra]))

    @property
    def territories(self) -> tuple[str, ...]:
        """Whose things are asked for; one territory will do for what has none."""
        return TERRITORIES if self.thing in OF_PEOPLE else TERRITORIES[:1]

    def outcome_for(self, person: str, territory: str) -> Outcome:
        """Return what ``person`` is to get, asking for ``territory``'s thing."""
        kind, _space, own = person.rpartition(" ") if person != "anonymous" else (person, "", "")
        local = kind in LOCAL or kind in self.elsewhere
        if self.thing in OF_PEOPLE and local and own != territory:
            return self.elsewhere.get(kind, self.expected[STRANGER])
        return self.expected[kind]

    def asked(self, world: World, territory: str) -> dict[str, Any]:
        """Return the data to send; a thing's name with @ stands for its key."""
        things = world.arguments(territory)
        return {
            name: str(things[value[1:]]["uuid"]) if isinstance(value, str) and value[:1] == "@" else value
            for name, value in self.data.items()
        }
