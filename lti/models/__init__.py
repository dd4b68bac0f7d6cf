"""What we keep about platforms and launches beside django-lti's own records."""

from lti.models.choosing import PlacedLink, Selection
from lti.models.connecting import PlatformCheck, PlatformInvitation
from lti.models.grades import GradeColumn, GradeLine
from lti.models.launches import EntryTicket, LaunchState
from lti.models.linking import AccountLink
from lti.models.platforms import PlatformSettings, SigningKey
from lti.models.rosters import Roster, RosterMember

__all__ = [
    "AccountLink",
    "EntryTicket",
    "GradeColumn",
    "GradeLine",
    "LaunchState",
    "PlacedLink",
    "PlatformCheck",
    "PlatformInvitation",
    "PlatformSettings",
    "Roster",
    "RosterMember",
    "Selection",
    "SigningKey",
]
