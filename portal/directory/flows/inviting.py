"""Inviting somebody by e-mail: an invitation that the library sees, and a letter with a link.

To whoever has no account the link sets the password of one; whoever has one is asked to say that they work there.
Which of the two, the library does not learn: it sees what it typed itself, until the invitation is accepted.
An invited person is a learner; roles are granted apart.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate, now
from wagtail.log_actions import log

from portal.directory.flows import tidings
from portal.directory.flows.people import owner_of
from portal.directory.models import Affiliation, Branch, Invitation, Library, User


class NotYourLibrary(Exception):
    """The library's people are not for this person to invite."""


@transaction.atomic
def invite(
    *,
    by: User,
    email: str,
    first_name: str,
    last_name: str,
    language: str,
    library: Library,
    branch: Branch | None = None,
    job_title: str = "",
) -> None:
    """Invite somebody to ``library``, whether they have an account or not.

    Inviting again sends another letter. Who works there, or says so, is not invited. Raises NotYourLibrary, and
    ValueError for another library's branch.
    """
    if branch is not None and branch.library_id != library.pk:
        raise ValueError("The branch belongs to the library.")
    if not Library.objects.decided_by(by).filter(pk=library.pk).exists():
        raise NotYourLibrary
    email = email.lower()
    member = owner_of(email=email)
    if member is not None and Affiliation.objects.of(member).open().filter(library=library).exists():
        return
    person = member or _invited_account(email, first_name, last_name, language)
    typed = {"first_name": first_name, "last_name": last_name, "branch": branch, "job_title": job_title}
    Invitation.objects.update_or_create(
        library=library,
        email=email,
        defaults=typed | {"person": person, "invited_by": by, "invited_at": now()},
    )
    log(person, "directory.invited", user=by, data={"library": library.code})
    (tidings.tell_member if member else tidings.tell_invited)(user=person, library=library)


def _invited_account(email: str, first_name: str, last_name: str, language: str) -> User:
    """Return the one account that waits for whoever was invited by this address."""
    waiting = User.objects.only_invited().filter(email__iexact=email)
    user = waiting.first()
    if user is not None:
        return user
    user = User(
        **{"email": email, "first_name": first_name, "last_name": last_name},
        **{"preferred_language": language, "invited_at": now()},
    )
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # another library invites the same address in this very moment
        return waiting.get()
    return user


@transaction.atomic
def accept_all(*, user: User) -> None:
    """Let the person work where they were invited, as they have set the password the letters asked for."""
    for invitation in Invitation.objects.sent_to(user).select_related("library", "branch", "invited_by"):
        works = Affiliation.objects.of(user).open().filter(library=invitation.library)
        if not works.exists():
            Affiliation.objects.create(
                **{"user": user, "library": invitation.library, "branch": invitation.branch},
                **{"job_title": invitation.job_title, "date_from": localdate()},
                **{"confirmed": True, "decided_at": now(), "decided_by": invitation.invited_by},
            )
            data = {"library": invitation.library.code}
            log(user, "directory.affiliation_confirmed", user=invitation.invited_by, data=data)
        invitation.delete()


@transaction.atomic
def hand_over(*, user: User) -> None:
    """Let invitations to the address that ``user`` has just proved be theirs; drop the account that waited for them."""
    Invitation.objects.sent_to(user).update(person=user)
    _drop_empty(email=user.email or "")


@transaction.atomic
def withdraw(*, invitation: Invitation) -> None:
    """Take an invitation back: it is accepted by no link any more."""
    email = invitation.email
    invitation.delete()
    _drop_empty(email=email)


def _drop_empty(*, email: str) -> None:
    """Delete the account that waits for whoever was invited by ``email``, if no invitation needs it."""
    User.objects.only_invited().filter(email__iexact=email).left_nothing().delete()
