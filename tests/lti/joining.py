"""Two browsers of one person: a launched one that shows a code, and one signed in to the portal that types it."""

from __future__ import annotations

import re

from django.test import Client

from tests.signing_in import sign_in

CODE = re.compile(r'class="codes secret">([2-9A-Z]{4}-[2-9A-Z]{4})<')
OFFER, ENTER, MINE = "/lt/join/", "/lt/join/code/", "/lt/join/platforms/"


def shown_code(launcher):
    """Return the code that the launched person is shown."""
    return CODE.search(launcher.client.post(OFFER).content.decode())[1]


def at_home(person):
    """Return a browser in which the person is signed in to the portal itself."""
    return sign_in(Client(), person)


def typed(browser, code):
    """Type the code; nothing is joined yet."""
    return browser.post(ENTER, {"code": code})


def joined(browser, code):
    """Type the code and say that both are oneself."""
    return browser.post(ENTER, {"code": code, "confirmed": "yes"})
