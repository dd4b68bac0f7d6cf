"""Revoking a credential: it stays in the register, and whoever checks it is told."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import now
from wagtail.log_actions import log

from certificates.models import Credential


class AlreadyRevoked(Exception):
    """It has been revoked before."""


@transaction.atomic
def revoke(*, credential: Credential, by: AbstractBaseUser, reason: str) -> None:
    """Revoke the credential; ``reason`` is kept in the audit log, not shown. Raises AlreadyRevoked."""
    valid = Credential.objects.filter(pk=credential.pk, status=Credential.Status.VALID)
    if not valid.update(status=Credential.Status.REVOKED, revoked_at=now()):
        raise AlreadyRevoked
    credential.refresh_from_db()
    log(credential, "certificates.revoked", user=by, data={"reason": reason})
