"""What was issued to whom, frozen, and the file that was made of it."""

from __future__ import annotations

import base64
import re
import secrets
import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Completion
from portal.directory.models import Library
from portal.directory.scope import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User

TOKEN = re.compile(r"[A-Z2-7]{32}")


def new_token() -> str:
    """Return an unguessable token: 160 random bits as 32 characters of base32 (RFC 4648, clause 6)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


class CredentialQuerySet(models.QuerySet["Credential"]):
    """Questions asked about credentials."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own; none for somebody not signed in."""
        return self.filter(holder=user) if user.is_authenticated else self.none()

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return one's own and those earned by enrolments at the libraries one answers for."""
        if scope_of(user).everything:
            return self
        return self.filter(
            models.Q(holder_id=user.pk)
            | models.Q(completion__enrolment__library__in=Library.objects.visible_to(user))
        )

    def with_token(self, token: str) -> Self:
        """Return the one whose token it is, in whatever case it was typed."""
        plain = token.upper()
        return self.filter(token=plain) if TOKEN.fullmatch(plain) else self.none()

    def with_number(self, number: str) -> Self:
        """Return the one with this number of the register."""
        return self.filter(number=number.strip().upper())


class Credential(models.Model):
    """An achievement certified: numbered, verifiable by its token, never changed.

    ``snapshot`` is all that is printed, as it was on the day of issue::

        {"holder_name", "title", "competences", "hours" (academic hours), "period_from", "period_to",
         "issued_on" (ISO dates), "place", "issuer", "portal", "signatory_name", "signatory_position",
         "language"}

    Where the person has been erased, ``holder`` is empty and the name is no longer told.
    """

    class Status(models.TextChoices):
        """Whether it holds."""

        VALID = "valid", _("valid")
        REVOKED = "revoked", _("revoked")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("register number"), max_length=30, unique=True)
    token = models.CharField(_("verification token"), max_length=32, unique=True, default=new_token)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="credentials",
        verbose_name=_("holder"),
    )
    achievement = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="credentials")
    completion = models.OneToOneField(
        Completion, on_delete=models.SET_NULL, null=True, related_name="credential"
    )
    snapshot = models.JSONField(_("as issued"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.VALID)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    issued_at = models.DateTimeField(_("issued at"), default=now)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="revoked", revoked_at__isnull=False)
                | models.Q(status="valid", revoked_at__isnull=True),
                name="revoked_with_its_moment",
            ),
            models.UniqueConstraint(  # joined accounts may each have brought one; one of them then has no completion
                fields=["holder", "achievement"],
                condition=models.Q(completion__isnull=False),
                name="one_credential_per_achievement",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_valid(self) -> bool:
        """Whether it holds."""
        return self.status == self.Status.VALID

    @property
    def holder_name(self) -> str:
        """The name as issued; empty when the person has been erased."""
        return str(self.snapshot["holder_name"]) if self.holder_id else ""

    @property
    def language(self) -> str:
        """The language it was issued in."""
        return str(self.snapshot["language"])


class CredentialFile(models.Model):
    """The PDF made of a credential, once. What is downloaded is this very file, whatever the
    template has become since."""

    credential = models.OneToOneField(Credential, on_delete=models.CASCADE, related_name="file")
    path = models.CharField(_("path"), max_length=200, unique=True)  # in the storage "private"
    sha256 = models.CharField(max_length=64)
    template_version = models.CharField(_("version of the template"), max_length=40)
    rendered_at = models.DateTimeField(_("made at"), default=now)

    class Meta:
        verbose_name = _("file of a certificate")
        verbose_name_plural = _("files of certificates")

    def __str__(self) -> str:
        return self.path

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; changing the record of a file raises TypeError."""
        if self.pk is not None:
            raise TypeError("The file of a certificate is never replaced.")
        super().save(*args, **kwargs)


def waiting_completions(user: User) -> models.QuerySet[Completion]:
    """Return the person's completions that give a certificate and have none yet, the oldest first."""
    return (
        Completion.objects.filter(
            enrolment__user=user, course_version__payload__certificate=True, credential__isnull=True
        )
        .select_related("enrolment", "course_version")
        .order_by("completed_at", "pk")
    )
