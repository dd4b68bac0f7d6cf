"""Data-privacy launches, for the tests."""

from __future__ import annotations

from tests.factories.lti import LTI

PRIVACY = "LtiDataPrivacyLaunchRequest"
ADMINISTRATOR = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"
PAGE, WISH = "/lt/platform-data/", "/lt/platform-data/erase/"
NONE_OF_IT = ("context", "resource_link", "custom", "ags")  # what no such message has


def ask(launcher, *, about=None, sub="2001", roles=(), remove=(), **changes):
    """Go through a data-privacy launch of ``sub``, about somebody else where told so."""
    told = {"message_type": PRIVACY, "roles": list(roles), "sub": sub, **changes}
    if about is not None:
        told[LTI + "for_user"] = {"user_id": about}
    return launcher.launch(remove=(*NONE_OF_IT, *remove), **told)


def asks_as_administrator(launcher, about, **changes):
    """Let the platform's administrator (9001) ask about somebody."""
    return ask(launcher, about=about, sub="9001", roles=[ADMINISTRATOR], **changes)
