"""What we keep about platforms and launches beside django-lti's own records."""

from lti.models.connecting import PlatformCheck, PlatformInvitation
from lti.models.grades import GradeColumn, GradeLine
from lti.models.launches import LaunchState
from lti.models.platforms import PlatformSettings, SigningKey

__all__ = [
    "GradeColumn",
    "GradeLine",
    "LaunchState",
    "PlatformCheck",
    "PlatformInvitation",
    "PlatformSettings",
    "SigningKey",
]
