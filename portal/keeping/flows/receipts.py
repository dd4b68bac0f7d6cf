"""What a person is told of their erasure: that it will be, and, before the address is forgotten, that it is."""

from __future__ import annotations

from urllib.parse import urljoin

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from portal.conf import conf
from portal.custody import custody
from portal.keeping.models import Erasure
from portal.outbox.letters import Letter, post, send_letter

NOT_SENT = "not sent"


def lines() -> list[dict[str, str]]:
    """Return, for each holding, what goes and what stays and why, in the language that is active."""
    return [
        {
            "name": holding.name,
            "label": str(holding.label),
            "goes": str(holding.goes),
            "stays": str(holding.stays()),
        }
        for holding in custody.in_order()
    ]


def tell_of_wish(*, erasure: Erasure) -> None:
    """Record the letter that tells of the day, and how to withdraw until then."""
    _write(erasure, "erasure_asked", "keeping:mine")


def warn(*, erasure: Erasure) -> None:
    """Record the letter to somebody who has not come for long."""
    _write(erasure, "erasure_dormant", "account_login")


def _write(erasure: Erasure, template: str, page: str) -> None:
    user = erasure.user
    with override(user.preferred_language):
        address = urljoin(conf.SITE_URL, reverse(page))
        day = date_format(localtime(erasure.due_at), "DATE_FORMAT")
    context = {"day": day, "address": address}
    send_letter(template=template, to=user, context=context, key=f"erasure:{erasure.uuid}:asked")


def send(*, erasure: Erasure, last_try: bool) -> None:
    """Send the receipt, once, and note how that ended; we are in a worker already.

    Raises what the mail server raises, to be tried again; on the ``last_try`` the erasure goes on without.
    """
    if erasure.letter:
        return
    user = erasure.user
    with override(user.preferred_language):
        address = urljoin(conf.SITE_URL, reverse("keeping:receipt", args=[erasure.uuid]))
        letter = Letter(
            "erasure_done", user.pk, f"erasure:{erasure.uuid}", {"lines": lines(), "address": address}
        )
    try:
        ended = post(letter).status
    except Exception:
        if not last_try:
            raise
        ended = NOT_SENT
    erasure.letter = ended
    erasure.save(update_fields=["letter"])
