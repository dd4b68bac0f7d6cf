"""What the catalogue holds of people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.catalogue.models import Question, ReadMark, SubjectLibrarian
from portal.custody import Holding, Rule, Section, custody

CARD = (
    "name",
    "position_lt",
    "position_en",
    "hours_lt",
    "hours_en",
    "place_lt",
    "place_en",
    "email",
    "phone",
)
ASKED = ("uuid", "subject", "name", "email", "language", "text", "asked_at", "state", "answer", "settled_at")


def marks(user: Any) -> Section:
    """Return what the person marked as read."""
    return {"read": list(ReadMark.objects.of(user).order_by("pk").values("list_key", "item", "marked_at"))}


def questions(user: Any) -> Section:
    """Return what the person asked, and the answers."""
    return {"questions": list(Question.objects.filter(user=user).order_by("pk").values(*ASKED))}


def move_marks(source: Any, target: Any) -> None:
    """Give the marks to ``target``, who has each but once."""
    there = set(ReadMark.objects.of(target).values_list("list_key", "item"))
    for mark in ReadMark.objects.of(source):
        if (mark.list_key, mark.item) in there:
            mark.delete()
        else:
            mark.user = target
            mark.save(update_fields=["user"])


def move_questions(source: Any, target: Any) -> None:
    """Give the questions, with their answers, to ``target``."""
    Question.objects.filter(user=source).update(user=target)


def move_card(source: Any, target: Any) -> None:
    """Let the cards name ``target``."""
    SubjectLibrarian.objects.of(source).update(user=target)


def card(user: Any) -> Section:
    """Return the person's cards as a subject librarian."""
    return {"cards": list(SubjectLibrarian.objects.of(user).order_by("pk").values(*CARD))}


def take_down(user: Any) -> int:
    """Delete the person's cards with their photos; guides then name nobody."""
    number = 0
    for one in SubjectLibrarian.objects.of(user).select_related("photo"):
        photo = one.photo
        one.delete()
        if photo is not None:
            photo.delete()
        number += 1
    return number


custody.holds(
    Holding(
        name="reading",
        label=_("What you marked as read"),
        records={"catalogue.ReadMark": "user"},
        export=marks,
        erase=lambda user: ReadMark.objects.of(user).delete()[0],
        move=move_marks,
        goes=_("All your marks on reading lists."),
        order=40,
    )
)
custody.holds(
    Holding(
        name="questions",
        label=_("Your questions to the librarian"),
        records={"catalogue.Question": "user"},
        export=questions,
        erase=lambda user: Question.objects.filter(user=user).delete()[0],
        move=move_questions,
        goes=_("Questions you asked while signed in, with their answers."),
        order=41,
    )
)
custody.holds(
    Holding(
        name="librarian_card",
        label=_("Your card as a subject librarian"),
        records={"catalogue.SubjectLibrarian": "user"},
        export=card,
        erase=take_down,
        move=move_card,
        words=lambda user: [row.name for row in SubjectLibrarian.objects.of(user)],
        goes=_("Your card with name, photo and contacts; guides no longer name you."),
        of_launched=False,
        order=42,
    )
)
custody.keeps(
    Rule(
        name="questions",
        label=_("Questions to the librarian, with their answers"),
        old=lambda before: [Question.objects.filter(asked_at__lt=before)],
        told=True,
    )
)
custody.not_personal |= {
    "catalogue.Question.settled_by": "who answered for the library is in the log; the question is its asker's",
    "catalogue.LibraryAccess.fallback_email": "the library's own address, not a person's",
}
