"""Letters: recorded with what they tell of, sent by a worker in the reader's language."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from portal.conf import conf
from portal.outbox import kinds
from portal.outbox.letterhead import letterhead
from portal.outbox.models import Delivery
from portal.outbox.recording import record
from portal.outbox.registry import Outcome

FACT = "outbox.letter"


class NobodyToWriteTo(Exception):
    """The person has been erased, is no longer active, or has no e-mail address."""


class NotWanted(Exception):
    """The person has declined letters of this kind."""


@dataclass(frozen=True)
class Letter:
    """What is to be sent to whom; all of it JSON, so that it can wait in a row.

    Without a person (``user_id`` is None) it goes to ``email`` in ``language``.
    """

    template: str  # templates/mail/<template>.txt, .html and .subject.txt
    user_id: int | None
    key: str
    context: dict[str, Any]
    email: str = ""  # where to, if not to the person's present address
    kind: str = ""  # of letters that may be declined (portal.outbox.kinds); none: it is always sent
    about: str = ""  # the identifier (uuid) of somebody else whom it names; their erasure takes it back
    language: str = ""  # of a letter to somebody without an account


def send_letter(
    *,
    template: str,
    to: AbstractBaseUser,
    context: dict[str, Any],
    key: str,
    email: str = "",
    kind: str = "",
    about: AbstractBaseUser | None = None,
) -> None:
    """Record a letter to ``to``, inside the caller's transaction; the same ``key`` is sent once.

    It goes to the address the person has when it is sent, unless ``email`` says where else. ``about`` is whoever else
    it names: when they are erased, it no longer leaves and nothing of it stays here.

    ``context`` must be JSON: what the letter says is settled when it is recorded, its language when
    it is sent. Raises TransactionManagementError outside a transaction, and KeyError for an undeclared ``kind``.
    """
    more = {"email": email} if email else {}
    more |= {"kind": kinds.kinds[kind].name} if kind else {}
    more |= {"about": str(about.uuid)} if about else {}  # type: ignore[attr-defined]  # our people have one
    record(FACT, template=template, user_id=to.pk, key=key, context=context, **more)


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Return the letter as a message of plain text and HTML.

    The Message-ID (RFC 5322, clause 3.6.4) comes from the key, so a letter that is sent twice is
    recognisably one. Raises NobodyToWriteTo, and NotWanted when the person has declined letters of its kind.
    """
    person, language = _reader(letter)
    address = letter.email or (person.email if person else "")
    if not address:
        raise NobodyToWriteTo
    if person is not None and not kinds.wants(person, letter.kind):
        raise NotWanted
    stop_url = kinds.stop_url(person, letter.kind) if letter.kind else ""
    with translation.override(language):
        head = letterhead(language)
        context = {
            **letter.context,
            "language": language,
            "portal": head.name,
            "head": head,
            "portal_url": conf.SITE_URL,
            "stop_url": stop_url,
            "why": str(kinds.kinds[letter.kind].why) if letter.kind else "",
        }
        subject, text, html = (
            render_to_string(f"mail/{letter.template}.{kind}", context)
            for kind in ("subject.txt", "txt", "html")
        )
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),  # one line, whatever a name or a title contains
        body=text.strip() + "\n",
        to=[address],
        headers={
            "Message-ID": message_id(letter.key),
            "Auto-Submitted": "auto-generated",
            **(kinds.headers(stop_url) if stop_url else {}),
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _reader(letter: Letter) -> tuple[Any, str]:
    """Return the person, None where the letter is for none, and the language to write in. Raises NobodyToWriteTo."""
    if letter.user_id is None:
        return None, letter.language
    person: Any = get_user_model()._default_manager.filter(pk=letter.user_id, is_active=True).first()
    if person is None:
        raise NobodyToWriteTo
    return person, person.preferred_language


def post(letter: Letter) -> Outcome:
    """Send one letter. An address the mail server refuses for good ends it; all else is tried again."""
    try:
        compose(letter).send()
    except NobodyToWriteTo:
        return Outcome("nobody to write to", state=Delivery.State.SUPERSEDED)
    except NotWanted:
        return Outcome("not wanted", state=Delivery.State.SUPERSEDED)
    except SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if any(code < 500 for code in codes):  # RFC 5321, clause 4.2.1: 4yz may pass later, 5yz never
            raise
        return Outcome(
            "address refused", state=Delivery.State.DEAD, error=f"The mail server answered {codes}."
        )
    return Outcome("sent")


def message_id(key: str) -> str:
    """Return the Message-ID of the letter with this key."""
    host = urlsplit(conf.SITE_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
