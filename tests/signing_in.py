"""Signing in for tests: as the form does it, with the second factor where a person has one."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from portal.directory import sealing
from portal.directory.scope import holds_rights

BACKEND = "portal.directory.backends.EmailBackend"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret=SECRET, steps=0):
    """Return the code an app shows, ``steps`` half-minutes from now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30 + steps))


def give_app(person, secret=SECRET):
    """Set an authenticator app up for the person, without recovery codes."""
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": sealing.seal(secret), "last_step": 0}
    )


def prove(browser, person, method, **more):
    """Note in the session that the person has just proved who they are."""
    session = browser.session
    row = {"method": method, "at": time.time(), **more}
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        *session.get(AUTHENTICATION_METHODS_SESSION_KEY, []),
        row,
    ]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(person)
    session.save()


def sign_in(browser, person):
    """Sign the person in; staff with their second factor, which is set up if it is not."""
    browser.force_login(person, backend=BACKEND)
    prove(browser, person, "password")
    if holds_rights(person):
        app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
        app = app or give_app(person)
        prove(browser, person, "mfa", id=app.pk, type=app.type)
    return browser
