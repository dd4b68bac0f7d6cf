"""What we keep about platforms and launches beside django-lti's own records."""

from lti.models.connecting import PlatformCheck, PlatformInvitation
from lti.models.grades import GradeLine
from lti.models.launches import LaunchState
from lti.models.platforms import PlatformSettings, SigningKey
from lti.models.rosters import Roster, RosterMember

__all__ = [
    "GradeLine",
    "LaunchState",
    "PlatformCheck",
    "PlatformInvitation",
    "PlatformSettings",
    "Roster",
    "RosterMember",
    "SigningKey",
]
