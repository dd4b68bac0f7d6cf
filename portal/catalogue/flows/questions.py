"""Questions to the librarian: asked by readers, routed, answered by mail, kept.

Letters are composed when they leave: until then, and after, no delivery holds what somebody asked or where they are
written to.
"""

from __future__ import annotations

from urllib.parse import urljoin

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import now
from wagtail.log_actions import log
from wagtail.models import Site

from portal.catalogue.models import LibraryAccess, Question, SubjectGuidePage
from portal.conf import conf
from portal.directory.models import User
from portal.outbox.letters import Letter
from portal.outbox.recording import record

ASKED = "catalogue.question_asked"
ANSWERED = "catalogue.question_answered"


class AlreadySettled(Exception):
    """Somebody has answered the question, or put it aside, already."""


@transaction.atomic
def ask(
    *, guide: SubjectGuidePage, text: str, email: str, language: str, name: str = "", user: User | None = None
) -> Question:
    """Keep a question and let its librarian, or the fallback address, know."""
    question = Question.objects.create(
        guide=guide,
        subject=guide.title,
        librarian=guide.librarian,
        user=user,
        name=name,
        email=email,
        language=language,
        text=text,
    )
    record(ASKED, question=str(question.uuid))
    return question


@transaction.atomic
def answer(*, question: Question, text: str, by: User) -> None:
    """Answer: the answer is kept and sent to the reader. Raises AlreadySettled."""
    _settle(question, by, state=Question.State.ANSWERED, answer=text)
    record(ANSWERED, question=str(question.uuid))
    log(question, "catalogue.question_answered", user=by, title=question.subject)


@transaction.atomic
def put_aside(*, question: Question, by: User) -> None:
    """Put a question aside without a letter: no question at all, or answered otherwise. Raises AlreadySettled."""
    _settle(question, by, state=Question.State.ASIDE)
    log(question, "catalogue.question_put_aside", user=by, title=question.subject)


def _settle(question: Question, by: User, **fields: str) -> None:
    """Settle a waiting question; of two who do it at once the second is refused."""
    waiting = Question.objects.waiting().filter(pk=question.pk)
    if not waiting.update(settled_by=by, settled_at=now(), **fields):
        raise AlreadySettled


def letter_to_librarian(*, number: str, key: str) -> Letter | None:
    """Return the letter that tells of a question; None when it is settled already or nobody is to be told."""
    question = Question.objects.waiting().filter(uuid=number).select_related("librarian__user").first()
    if question is None:
        return None
    librarian = question.librarian
    person = librarian.user if librarian is not None else None
    context = {
        "subject": question.subject,
        "text": question.text,
        "name": question.name,
        "link": urljoin(conf.SITE_URL, reverse("questions:answer", args=[question.pk])),
    }
    if person is not None and person.is_active and person.email:
        return Letter("question_asked", person.pk, key, context)
    address = librarian.email if librarian is not None and librarian.email else fallback_address()
    return Letter("question_asked", None, key, context, email=address, language="lt") if address else None


def letter_to_reader(*, number: str, key: str) -> Letter | None:
    """Return the letter with the answer; None when the question is gone."""
    answered = Question.objects.filter(uuid=number, state=Question.State.ANSWERED)
    question = answered.select_related("librarian").first()
    if question is None:
        return None
    context = {
        "subject": question.subject,
        "text": question.text,
        "answer": question.answer,
        "librarian": question.librarian.name if question.librarian is not None else "",
    }
    return Letter(
        "question_answered", question.user_id, key, context, email=question.email, language=question.language
    )


def fallback_address() -> str:
    """Return where questions go that no librarian is named for; empty where none is set."""
    site = Site.objects.filter(is_default_site=True).first()
    return LibraryAccess.of(site).fallback_email
