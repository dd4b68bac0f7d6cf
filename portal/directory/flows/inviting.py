"""Inviting somebody by e-mail: an account without a password, a confirmed place of work, a letter with a link.

An invited person is a learner; roles are granted apart. Whether an address has an account already is told to nobody
but its owner.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.timezone import localdate, now
from wagtail.log_actions import log

from portal.directory.flows import tidings
from portal.directory.flows.people import owner_of
from portal.directory.models import Affiliation, Branch, Library, User


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
    """Invite somebody to ``library``. Whoever has proved the address theirs is asked to say so themselves instead.

    Inviting again sends another letter. Raises NotYourLibrary, and ValueError for another library's branch.
    """
    if branch is not None and branch.library_id != library.pk:
        raise ValueError("The branch belongs to the library.")
    if not Library.objects.decided_by(by).filter(pk=library.pk).exists():
        raise NotYourLibrary
    member = owner_of(email=email)
    if member is not None:
        if member.is_active and not Affiliation.objects.of(member).open().filter(library=library).exists():
            tidings.tell_member(user=member, library=library)
        return
    invited = User.objects.filter(email__iexact=email, invited_at__isnull=False, is_active=True)
    user = invited.select_for_update().first() or _new_user(email, first_name, last_name, language)
    works = Affiliation.objects.of(user).open().filter(library=library)
    if not works.filter(confirmed=True).exists():
        works.delete()
        Affiliation.objects.create(
            **{"user": user, "library": library, "branch": branch, "job_title": job_title},
            **{"confirmed": True, "date_from": localdate(), "decided_at": now(), "decided_by": by},
        )
    log(user, "directory.invited", user=by, data={"library": library.code})
    tidings.tell_invited(user=user, library=library)


def _new_user(email: str, first_name: str, last_name: str, language: str) -> User:
    user = User(
        **{"email": email.lower(), "first_name": first_name, "last_name": last_name},
        **{"preferred_language": language, "invited_at": now()},
    )
    user.set_unusable_password()
    user.save()
    return user
