"""A platform's person and an account of this portal that are one: the code that joins them, and since when."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from lti_tool.models import LtiUser

if TYPE_CHECKING:
    from portal.directory.models import User

CODE_LIFETIME = timedelta(minutes=10)  # to open a tab, sign in with a second step, and type it


def until_the_code_expires() -> datetime:
    """Return until when a code that is made now can be used."""
    return now() + CODE_LIFETIME


class AccountLinkQuerySet(models.QuerySet["AccountLink"]):
    """Questions asked about joined accounts."""

    def joined(self) -> Self:
        """Return those that are joined now."""
        return self.filter(joined_at__isnull=False, parted_at__isnull=True)

    def others_of(self, *, identity: LtiUser, account: User) -> Self:
        """Return with whom else either is joined, or ever was: another person of the platform, or another account."""
        another_person = Q(account=account, lti_user__registration=identity.registration_id)
        another_account = Q(lti_user=identity, account__isnull=False)
        pair = Q(lti_user=identity, account=account)
        return self.filter(another_person | another_account, joined_at__isnull=False).exclude(pair)

    def usable(self, moment: datetime) -> Self:
        """Return those whose code still joins."""
        return self.filter(joined_at__isnull=True, code_sha256__isnull=False, expires_at__gt=moment)

    def consume(self, *, pk: int, account: User, moment: datetime) -> bool:
        """Use the code up. One conditional UPDATE: of any number of callers exactly one gets True."""
        mine = self.usable(moment).filter(pk=pk)
        return bool(mine.update(account=account, joined_at=moment, code_sha256=None))


class AccountLink(models.Model):
    """One identity on a platform, and the account of this portal it opens.

    Before they are joined there is no ``account``, only the SHA-256 of a code that was shown to the launched person.
    Parted, the row stays: the two may be joined again with each other alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lti_user = models.ForeignKey(LtiUser, on_delete=models.CASCADE, related_name="account_links")
    code_sha256 = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 (none: used)
    expires_at = models.DateTimeField(default=until_the_code_expires, db_index=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="account_links"
    )
    joined_at = models.DateTimeField(null=True, blank=True)
    parted_at = models.DateTimeField(null=True, blank=True)

    objects = AccountLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("joined account")
        verbose_name_plural = _("joined accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["lti_user"],
                condition=Q(joined_at__isnull=False, parted_at__isnull=True),
                name="joined_with_one_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lti_user} {self.account or ''}"
