"""Why a launch may be refused. A view turns the class into words; ``reason`` is for the log only."""

from __future__ import annotations


class Refused(Exception):
    """A launch that cannot go on.

    ``reason`` is a short code for the log. ``language`` is the person's, once the platform has told it.
    """

    status = 400

    def __init__(self, reason: str, *, language: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.language = language


class NotReadable(Refused):
    """The request lacks what every launch has, or what it has makes no sense."""


class NotEncrypted(Refused):
    """The request came by plain HTTP to a portal that is at an https address."""

    status = 403


class UsedUp(Refused):
    """The launch is too old, or has been used."""


class OtherBrowser(Refused):
    """The message came to a browser the launch did not begin in, or that keeps no cookies."""


class NotGivenBack(OtherBrowser):
    """The platform's window did not give back the secret it was to keep, or gave another browser's."""


class NotTrusted(Refused):
    """The message is not what the platform would have sent."""


class KeysNotAvailable(Refused):
    """The platform's keys could not be read, so its signature cannot be checked."""


class NotConnected(Refused):
    """The platform, or this deployment of it, is not connected. Which of the two is not told."""

    status = 403


class NobodyNamed(Refused):
    """The platform does not say who the person is."""

    status = 403


class NotAdmitted(Refused):
    """The person may not enter."""

    status = 403


class NotSupported(Refused):
    """A kind of message we do not answer."""


class LinksNotTaken(Refused):
    """The platform asks to choose, and takes no links to activities."""


class NotATeacher(Refused):
    """What is put into a course is chosen by those who teach it."""

    status = 403


class NothingGraded(Refused):
    """Somebody's work is to be looked at where nobody does any: a page of the library."""

    status = 404


class WorkOfOthers(Refused):
    """Somebody who does not teach wants to look at somebody else's work. Whether there is any is not told."""

    status = 403


class NotAnAdministrator(Refused):
    """Of another's data only an administrator of the platform may ask."""

    status = 403


class AskerNotNamed(Refused):
    """Somebody's data are asked for, and the platform does not say by whom."""

    status = 403


class PlatformRefused(Refused):
    """The platform itself says that it could not sign the person in."""


class ActivityGone(Refused):
    """The activity the link names does not exist or is not published."""

    status = 404


class NothingChosen(Refused):
    """The link names no activity yet, and the person is not the one who can choose it."""

    status = 200
