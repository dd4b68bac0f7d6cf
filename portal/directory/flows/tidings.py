"""Letters about where people work: to those who confirm it, to those whom it concerns, to those who are invited."""

from __future__ import annotations

import uuid
from datetime import date
from urllib.parse import urljoin

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import override

from portal.conf import conf
from portal.directory.models import Affiliation, Invitation, Library, Role, RoleAssignment, User
from portal.outbox.letters import Letter, send_letter
from portal.outbox.recording import record

INVITED = "directory.invited"
WAITING = "directory.waiting"  # the kind of letters to those who confirm


def deciders(library: Library) -> QuerySet[User]:
    """Return who is written to about people of ``library``.

    Its coordinators; where it has none, the territory's; where there are none either, the administrators.
    """
    holding = RoleAssignment.objects.current()
    for those in (
        holding.filter(role=Role.LIBRARY_COORDINATOR, library=library),
        holding.filter(role=Role.TERRITORY_COORDINATOR, territory__municipalities__libraries=library),
        holding.filter(role=Role.ADMINISTRATOR),
    ):
        people = User.objects.filter(is_active=True, pk__in=those.values("user"))
        if people.exists():
            return people
    return User.objects.none()


def tell_deciders(*, affiliation: Affiliation) -> None:
    """Tell those who can confirm; once a day at most, however often somebody takes it back and says it again."""
    person, library = affiliation.user, affiliation.library
    for reader in deciders(library).exclude(pk=person.pk):
        context = {
            "name": person.display_name,
            "job_title": affiliation.job_title,
            "library": _name(library, reader),
            "link": _url(reader, "people_waiting"),
        }
        key = f"waiting:{person.pk}:{library.pk}:{reader.pk}:{localdate().isoformat()}"
        template = "affiliation_waiting"
        send_letter(template=template, to=reader, context=context, key=key, kind=WAITING, about=person)


def tell_decision(*, affiliation: Affiliation) -> None:
    """Tell the person what the library said."""
    person = affiliation.user
    context = {
        "library": _name(affiliation.library, person),
        "reason": affiliation.refusal,
        "link": _url(person, "profile"),
    }
    template = "affiliation_confirmed" if affiliation.confirmed else "affiliation_refused"
    send_letter(template=template, to=person, context=context, key=f"decided:{affiliation.uuid}")


def tell_ended(*, affiliation: Affiliation) -> None:
    """Tell the person that the library has set their last day of work."""
    person = affiliation.user
    context = {
        "library": _name(affiliation.library, person),
        "last_day": _day(affiliation.date_to, person),
        "link": _url(person, "profile"),
    }
    key = f"ended:{affiliation.uuid}:{affiliation.date_to}"
    send_letter(template="affiliation_ended", to=person, context=context, key=key)


def tell_invited(*, user: User, library: Library) -> None:
    """Record the letter with the link to a first password."""
    key = f"invited:{user.pk}:{uuid.uuid4().hex}"
    record(INVITED, user_id=user.pk, library_id=library.pk, key=key)


def tell_member(*, user: User, library: Library) -> None:
    """Tell somebody who has an account that a library would have them say they work there."""
    context = {
        "library": _name(library, user),
        "link": _url(user, "profile_join", uuid=str(library.uuid)),
    }
    key = f"asked:{user.pk}:{library.pk}:{localdate().isoformat()}"
    send_letter(template="asked_to_join", to=user, context=context, key=key)


def invitation(*, user_id: int, library_id: int, key: str) -> Letter | None:
    """Return the letter with the link to a first password; None once there is one, or it was withdrawn."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    library = Library.objects.filter(pk=library_id).first()
    if user is None or library is None or user.has_usable_password():
        return None
    if not Invitation.objects.filter(person=user, library=library).exists():
        return None
    token = default_token_generator.make_token(user)
    context = {
        "library": _name(library, user),
        "link": _url(user, "account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=token),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "forgotten": _url(user, "account_reset_password"),
    }
    return Letter("invited", user.pk, key, context)


def _name(library: Library, reader: User) -> str:
    with override(reader.preferred_language):
        return library.name


def _day(day: date | None, reader: User) -> str:
    with override(reader.preferred_language):
        return date_format(day, "DATE_FORMAT") if day else ""


def _url(reader: User, name: str, **arguments: str) -> str:
    """Return the full address of a page, in the reader's language."""
    with override(reader.preferred_language):
        return urljoin(conf.SITE_URL, reverse(name, kwargs=arguments))
