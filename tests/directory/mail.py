"""Letters and the links in them, for tests of accounts."""

from __future__ import annotations

import re

from django.conf import settings
from django.core import mail

from portal.outbox import delivering


def letters():
    """Let the worker come; return the letters it sent."""
    mail.outbox.clear()
    delivering.run_due()
    return list(mail.outbox)


def path_in(letter):
    """Return the path of the letter's first link, which must lead to the portal's own address."""
    link = re.search(r"https?://\S+", letter.body)[0]
    assert link.startswith(f"{settings.SITE_URL}/"), link
    return link.removeprefix(settings.SITE_URL)


def path_sent(email):
    """Return the path of the link in the one letter that went out, to ``email``."""
    (letter,) = letters()
    assert letter.to == [email]
    return path_in(letter)
