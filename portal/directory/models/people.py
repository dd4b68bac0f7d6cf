"""People and where they work."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from portal.directory.models.places import Branch, Library
from portal.directory.scope import scope_of


class UserQuerySet(models.QuerySet["User"]):
    """Questions asked about people."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the people ``user`` may see by name: oneself, and those of one's libraries."""
        scope = scope_of(user)
        if scope.everything:
            return self
        own = models.Q(pk=user.pk) if user.pk else models.Q(pk__in=[])
        libraries = Library.objects.visible_to(user)
        confirmed = Affiliation.objects.current().filter(library__in=libraries, confirmed=True)
        return self.filter(own | models.Q(pk__in=confirmed.values("user")))


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; one without an e-mail address has none rather than an empty one."""

    def _create_user_object(
        self, username: str, email: str | None, password: str | None, **extra: Any
    ) -> User:
        user: User = super()._create_user_object(username or uuid.uuid4().hex, email, password, **extra)
        user.email = user.email or None
        return user


LANGUAGES = [("lt", "Lietuvių"), ("en", "English")]


class User(AbstractUser):
    """A person. ``username`` is internal; people sign in by e-mail, by launch or by single sign-on.

    An e-mail address may be missing (a launch without one) and may repeat until somebody has
    proved it theirs: it is unique only among verified ones.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("internal name"), max_length=64, unique=True, default="")
    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # type: ignore[assignment]
    email_verified_at = models.DateTimeField(_("e-mail verified at"), null=True, blank=True)
    preferred_language = models.CharField(
        _("preferred language"), max_length=2, choices=LANGUAGES, default="lt"
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(email_verified_at__isnull=False),
                name="verified_email_is_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def clean(self) -> None:
        """Normalise, keeping a missing e-mail address missing."""
        email = self.email
        super().clean()
        self.email = (self.email if email else None) or None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; an empty e-mail address becomes a missing one."""
        self.email = self.email or None
        self.username = self.username or uuid.uuid4().hex
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        """The person's name, or a neutral word where they came without one or asked to be forgotten."""
        if self.erased_at:
            return str(_("Erased person"))
        return self.get_full_name() or str(_("Learner"))

    @property
    def has_name(self) -> bool:
        """Whether the person has given the name a certificate needs."""
        return bool(self.first_name.strip() and self.last_name.strip())


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Questions asked about affiliations."""

    def current(self) -> Self:
        """Return the affiliations that hold today."""
        today = localdate()
        return self.filter(date_from__lte=today).filter(
            models.Q(date_to__isnull=True) | models.Q(date_to__gte=today)
        )


class Affiliation(models.Model):
    """Where a person works, from one day to another. Until confirmed it grants nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="affiliations")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="affiliations")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed by the library"), default=False)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date_to__isnull=True) | models.Q(date_to__gte=models.F("date_from")),
                name="affiliation_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user", "library", "date_from"], name="one_affiliation_per_library_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.library}"
