"""What a sample is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

FOLDER = "components/"
Context = dict[str, Any]


@dataclass(frozen=True)
class State:
    """One way a component may look: its name for people, and what its template is given."""

    label: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True)
class Sample:
    """A component: its name, its template below ``components/``, and its states.

    What is a landmark of a page of its own is shown ``framed``; ``within`` is the element a template needs about it.
    """

    title: str
    name: str
    states: list[State]
    framed: bool = False
    within: str = "div"

    @property
    def template(self) -> str:
        """The template's place."""
        return f"{FOLDER}{self.name}.html"

    @property
    def anchor(self) -> str:
        """What names the sample in an address."""
        return self.name.replace("/", "-").replace("_", "-")
