"""The running platform: its parts in one object, and how a request gets hold of it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any, cast

from flask import current_app

from .config import LIFETIME_GENERIC, LIFETIME_MOODLE, Config
from .faults import Faults
from .keys import PlatformKeys
from .store import Row, Store
from .toolkeys import ToolKeys

AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINEITEM = AGS + "lineitem"
LINEITEM_READ = AGS + "lineitem.readonly"
RESULT_READ = AGS + "result.readonly"
SCORE = AGS + "score"
MEMBERS_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES = (LINEITEM, LINEITEM_READ, RESULT_READ, SCORE, MEMBERS_READ)


class Platform:
    """Everything that the views need."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.store = Store(config.state)
        self.keys = PlatformKeys(self.store, config.state / "keys")
        self.tool_keys = ToolKeys(self.store, lambda: self.config.tool_keyset_url)
        self.faults = Faults(self.store)
        self.store.set_setting("moodle", self.store.setting("moodle", config.moodle))

    @property
    def config(self) -> Config:
        """Where the platform runs and which tool it knows: the one of the start, or one that registered itself."""
        tool = self.store.setting("tool")
        if not tool:
            return self._config
        who = {name: tool[name] for name in ("client_id", "deployment_id")}
        return replace(self._config, **who, tool_addresses=(tool["login"], tool["launch"], tool["keys"]))

    def shares(self, what: str) -> bool:
        """Whether the tool is told a person's `name` or `email` (it asks for both when it registers)."""
        return bool(self.store.setting("shares", {}).get(what, True))

    @property
    def moodle(self) -> bool:
        """Whether Moodle's manners are on."""
        return bool(self.store.setting("moodle", True))

    @property
    def scopes(self) -> list[str]:
        """The scopes that the tool may be given."""
        return list(self.store.setting("scopes", list(SCOPES)))

    @property
    def lifetime(self) -> int:
        """Seconds an id_token is good for."""
        return LIFETIME_MOODLE if self.moodle else LIFETIME_GENERIC

    @property
    def sesskey(self) -> str:
        """A stand-in for Moodle's session key: it must not show up in logs or Referer headers."""
        with self.store.transaction():
            key = self.store.setting("sesskey")
            if not key:
                key = "sk" + secrets.token_hex(8)
                self.store.set_setting("sesskey", key)
        return str(key)

    def person(self, ref: Any) -> Row | None:
        """A person by id or by username."""
        found = None
        if str(ref).isdecimal() and len(str(ref)) < 19:  # SQLite's whole numbers end there
            found = self.store.row("SELECT * FROM people WHERE id = ?", [int(ref)])
        return found or self.store.row("SELECT * FROM people WHERE username = ?", [str(ref)])

    def course(self, ref: Any) -> Row | None:
        """A course by id."""
        return self.store.row("SELECT * FROM courses WHERE id = ?", [ref])

    def activity(self, ref: Any) -> Row | None:
        """An activity by id."""
        return self.store.row("SELECT * FROM activities WHERE id = ?", [ref])

    def service_query(self) -> str:
        """Moodle's query on AGS addresses; a tool must insert `/scores` before it."""
        return "?type_id=1" if self.moodle else ""

    def lineitems_url(self, course: int) -> str:
        """The line item container of a course."""
        return f"{self.config.issuer}/services/{course}/lineitems{self.service_query()}"

    def lineitem_url(self, item: Row) -> str:
        """The address of one line item."""
        base = f"{self.config.issuer}/services/{item['course']}/lineitems/{item['id']}/lineitem"
        return base + self.service_query()

    def memberships_url(self, course: int) -> str:
        """The roster of a course."""
        return f"{self.config.issuer}/services/CourseSection/{course}/bindings/1/memberships"


def current() -> Platform:
    """The platform of the request at hand."""
    return cast(Platform, current_app.extensions["platform"])
