"""The settings that are ours, with their defaults: the one place through which apps read them.

An installation, or a site that takes our apps in (docs/guides/plugin.md), sets what differs under the same name in
its Django settings; the environment variables of ``portal.settings`` end there, too. A setting is read when it is
asked for, so it may change between tests. Settings of Django, Wagtail and other packages are read from
``django.conf`` as ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from django.conf import settings

T = TypeVar("T")
GB = 1024**3

RETENTION = MappingProxyType(
    {
        "sessions": 1,  # after they ended
        "launches": 1,  # after they could no longer be finished
        "rosters": 365,  # lists of participants, after they were last read
        "deliveries": 30,  # contents of letters and grades, after they were settled
        "never_confirmed": 30,  # accounts whose address nobody confirmed
        "invitations": 90,  # nobody accepted, and the accounts they made
        "exports": 7,  # files of people's own data
        "nights": 90,  # reports of the nightly job
        "questions": 2 * 365,  # to the librarian, after they were asked
        "audit_log": 5 * 365,
        "register_names": 0,  # names of erased people in the register of certificates: 0 keeps none
        "dormant": 0,  # accounts nobody came back to: 0 never erases them
    }
)
SIGNING_KEYS = MappingProxyType(
    {
        "signs": 180,  # a key signs for so long
        "announced": 14,  # before that it is published for so long at least
        "overlap": 30,  # and afterwards for so long
    }
)
OIDC = MappingProxyType(
    {
        "name": "SSO",  # on the button
        "issuer": "",  # empty: no single sign-on
        "client_id": "",
        "client_secret": "",
        "trusted_domains": [],  # domains whose addresses are believed without "email_verified"
        "acr": [],  # by which the provider says that it asked for a second factor
        "amr": [],
    }
)


class Setting(Generic[T]):
    """One setting: read under its own name from Django's settings, or else the default."""

    def __init__(self, default: T, meaning: str) -> None:
        self.default = default
        self.meaning = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> T:
        return cast(T, getattr(settings, self.name, self.default))


class Choices(Setting[Mapping[str, T]]):
    """A setting of several named values: what is not named keeps its default."""

    def __get__(self, instance: object, owner: type) -> Mapping[str, T]:
        return {**self.default, **getattr(settings, self.name, {})}


class Conf:
    """Our settings. ``Conf.documented()`` lists them all."""

    SITE_URL = Setting("http://localhost:8000", "The public address, without a final slash.")
    ENVIRONMENT = Setting(
        "production", "production (refuses to start unsafely), development (shows letters) or test."
    )
    HOME_PAGES = Setting[Sequence[str]](
        ("content.HomePage",), "Page models under which a catalogue and pages of text may stand."
    )

    SIGN_UP_OPEN = Setting(True, "Whether people may open accounts by themselves.")
    SECOND_FACTOR = Setting(
        "staff", "Who must prove more than a password: staff, or nobody (off, not in production)."
    )
    OIDC = Choices[Any](OIDC, "The provider of single sign-on; without an issuer there is none.")

    SIGNING_KEYS = Choices[int](SIGNING_KEYS, "Days that our LTI keys are announced, sign, and stay known.")

    RETENTION = Choices[int](
        RETENTION, "Days by rule that things are kept; 0: for ever (register_names: not at all)."
    )
    REGISTER_NAMES_BASIS = Setting("", "The law by which names stay in the register of certificates.")
    ERASURE_DAYS = Setting(7, "Days to think an erasure over.")

    PAGE_CACHE = Setting(True, "Whether public pages are kept for a minute, or until something changes.")
    EMBED_HOSTS = Setting[Sequence[str]](
        ("www.youtube-nocookie.com", "player.vimeo.com"), "Hosts whose players may stand in lessons."
    )
    RECORDING_LIMIT = Setting(500 * 1024**2, "Bytes of one recording.")
    UPLOADS_QUOTA = Setting(20 * GB, "Bytes of all pictures, documents and recordings together.")
    MEDIA_IN_BUCKET = Setting(False, "Whether uploaded files lie in a bucket instead of MEDIA_ROOT.")

    METRICS_TOKEN = Setting("", "What opens /metrics; empty: there are no metrics.")
    OUTBOX_SWEEP_SECONDS = Setting(15.0, "How often workers look for what was not announced.")
    OUTBOX_LEASE_SECONDS = Setting(100.0, "How long a worker may hold a delivery (read at the start).")
    OUTBOX_LADDER_SECONDS = Setting[Sequence[float]](
        (5, 30, 120, 600, 1800, 7200, 21600, 43200, 86400, 97200),
        "The waits between attempts to deliver, three days in all (read at the start).",
    )

    @classmethod
    def documented(cls) -> dict[str, Setting[Any]]:
        """Return all settings by name."""
        return {name: found for name, found in vars(cls).items() if isinstance(found, Setting)}


conf = Conf()
