"""People and where they work."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from portal.collation import fold
from portal.directory.alphabet import Folded, InLithuanian
from portal.directory.models.places import Branch, Library
from portal.directory.scope import enters_admin, scope_of

LONGEST_QUESTION, MOST_WORDS = 200, 8  # of a search among people


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

    def looked_after_by(self, user: User | AnonymousUser) -> Self:
        """Return the people on the coordinators' screens of ``user``.

        Those who work in one's libraries, and those who say so and wait for one's decision.
        """
        if scope_of(user).everything:
            return self.filter(is_active=True).exclude(pk__in=self.only_invited().values("pk"))
        shown = Affiliation.objects.shown_to(user)
        return self.filter(is_active=True, pk__in=shown.values("user"))

    def only_invited(self) -> Self:
        """Return the accounts that invitations made and nobody has come to."""
        return self.filter(invited_at__isnull=False, email_verified_at__isnull=True)

    def claiming(self, email: str) -> Self:
        """Return who signed up with ``email`` and has not proved it theirs, the newest first."""
        claims = self.filter(email__iexact=email, email_verified_at__isnull=True, erased_at__isnull=True)
        return claims.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("-pk")

    def left_nothing(self) -> Self:
        """Return those who never came in and of whom there is nothing anywhere but an address."""
        people = self.filter(last_login__isnull=True)
        for relation in User._meta.related_objects:
            model: Any = relation.related_model
            if model._meta.label != "account.EmailAddress":
                theirs = model._base_manager.filter(**{relation.field.name: models.OuterRef("pk")})
                people = people.filter(~models.Exists(theirs))
        return people

    def called(self, question: str) -> Self:
        """Return those in whose name or address every word of ``question`` occurs, diacritics or not."""
        words = fold(question[:LONGEST_QUESTION].replace("\x00", " ")).split()[:MOST_WORDS]
        if not words:
            return self
        parts = ("first_name", models.Value(" "), "last_name", models.Value(" "))
        text = Concat(*parts, Coalesce("email", models.Value("")), output_field=models.CharField())
        found = self.alias(searched=Folded(text))
        for word in words:
            found = found.filter(searched__contains=word)
        return found

    def in_order(self) -> Self:
        """Return them by surname and first name, in Lithuanian order."""
        return self.order_by(InLithuanian("last_name"), InLithuanian("first_name"), "pk")


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

    invited_at = models.DateTimeField(_("invited"), null=True, blank=True, editable=False)
    declined_letters = models.JSONField(_("letters not wanted"), default=list, blank=True, editable=False)
    roles_as_of = models.DateField(
        null=True, blank=True, editable=False
    )  # what Wagtail allows is as of this day

    objects: ClassVar[UserManager] = UserManager()

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    rights_asleep: Callable[[], bool] | None = None
    """Whether what this person's roles allow sleeps in the session they come by (``portal.directory.gate``)."""

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(email_verified_at__isnull=False),
                name="verified_email_is_unique",
            ),
            models.UniqueConstraint(  # however many invite at once
                Lower("email"),
                condition=models.Q(invited_at__isnull=False, email_verified_at__isnull=True),
                name="one_invited_account_per_address",
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
    def is_local(self) -> bool:
        """Whether the person signs in to the portal itself: by an address proved theirs, not by launches alone."""
        return self.email_verified_at is not None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the person may do this, in this session."""
        return super().has_perm(perm, obj) and not self.is_asleep()

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the person may do anything with this app, in this session."""
        return super().has_module_perms(app_label) and not self.is_asleep()

    def __getstate__(self) -> Any:
        """Return what is kept of a copy: not the look into the session the person came by."""
        state = super().__getstate__()
        state.pop("rights_asleep", None)
        return state

    def is_asleep(self) -> bool:
        """Whether the rights of the person's roles sleep in this session; away from sessions they never do."""
        return bool(self.rights_asleep and self.rights_asleep())

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

    @property
    def looks_after_people(self) -> bool:
        """Whether the person has the coordinators' screens; asks nothing for those who never had a role."""
        return self.roles_as_of is not None and bool(scope_of(self))

    @property
    def edits_pages(self) -> bool:
        """Whether Wagtail's admin is for this person; asks nothing for those who never had a role."""
        return self.roles_as_of is not None and enters_admin(self)


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Questions asked about affiliations."""

    def of(self, user: User | AnonymousUser) -> Self:
        """Return the person's own; none for somebody not signed in."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def current(self) -> Self:
        """Return the affiliations that hold today."""
        today = localdate()
        return self.filter(date_from__lte=today).filter(
            models.Q(date_to__isnull=True) | models.Q(date_to__gte=today)
        )

    def pending(self) -> Self:
        """Return those of today that wait for the library's word."""
        return self.current().filter(confirmed=False, decided_at__isnull=True)

    def open(self) -> Self:
        """Return those of today that hold or wait."""
        return self.current().filter(models.Q(confirmed=True) | models.Q(decided_at__isnull=True))

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """Return the waiting ones that are for ``user`` to decide; nobody but administrators decides their own."""
        waiting = self.pending().filter(user__is_active=True)
        if scope_of(user).everything:
            return waiting
        return waiting.filter(library__in=Library.objects.decided_by(user)).exclude(user_id=user.pk)

    def shown_to(self, user: User | AnonymousUser) -> Self:
        """Return those that ``user`` sees of others: confirmed in one's libraries, waiting for one's word."""
        if scope_of(user).everything:
            return self.open()
        seen = models.Q(confirmed=True, library__in=Library.objects.visible_to(user))
        waiting = models.Q(confirmed=False, library__in=Library.objects.decided_by(user))
        return self.open().filter(seen | waiting)


class Affiliation(models.Model):
    """Where a person works, from one day to another. Until the library confirms it, it grants nothing.

    One that was refused stays as it is, with the reason; one withdrawn while it waited is gone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="affiliations")
    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="affiliations")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True)
    job_title = models.CharField(_("job title"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed by the library"), default=False)
    date_from = models.DateField(_("from"))
    date_to = models.DateField(_("to"), null=True, blank=True)
    declared_at = models.DateTimeField(_("declared"), default=now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    refusal = models.CharField(_("reason of refusal"), max_length=300, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(date_to__isnull=True) | models.Q(date_to__gte=models.F("date_from")),
                name="affiliation_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed=False) | models.Q(refusal=""),
                name="affiliation_confirmed_or_refused",
            ),
            models.UniqueConstraint(  # one that was refused may be declared anew
                fields=["user", "library", "date_from"],
                condition=models.Q(confirmed=True) | models.Q(decided_at__isnull=True),
                name="one_affiliation_per_library_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.library}"

    @property
    def state(self) -> str:
        """Where it stands today: "pending", "confirmed", "refused" or "ended"."""
        if self.decided_at and not self.confirmed:
            return "refused"
        if self.date_to and self.date_to < localdate():
            return "ended"
        return "confirmed" if self.confirmed else "pending"
