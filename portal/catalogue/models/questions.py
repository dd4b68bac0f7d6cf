"""Questions to the librarian."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from portal.catalogue.models.lists import SubjectGuidePage
from portal.catalogue.models.people import SubjectLibrarian
from portal.directory.scope import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models import User


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions asked about questions."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what the person may read and answer: what was routed to them, and what was routed to nobody.

        Administrators see all; whoever is no subject librarian today sees none.
        """
        if scope_of(user).everything:
            return self
        if not user.has_perm("catalogue.change_question"):
            return self.none()
        return self.filter(models.Q(librarian__user=user.pk) | models.Q(librarian__user=None))

    def waiting(self) -> Self:
        """Return those nobody has dealt with yet."""
        return self.filter(state=Question.State.WAITING)


class Question(models.Model):
    """A reader's question about a subject, and its answer.

    ``librarian`` is whom it was routed to when it was asked. ``email`` is where the answer goes; of a person with an
    account it is the account's own when that has one.
    """

    class State(models.TextChoices):
        """Where a question stands."""

        WAITING = "waiting", _("waits for an answer")
        ANSWERED = "answered", _("answered")
        ASIDE = "aside", _("put aside")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    guide = models.ForeignKey(
        SubjectGuidePage,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("subject guide"),
    )
    subject = models.CharField(_("subject"), max_length=255)  # the guide's title then
    librarian = models.ForeignKey(
        SubjectLibrarian,
        on_delete=models.SET_NULL,
        null=True,
        related_name="questions",
        verbose_name=_("routed to"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("question"), max_length=4000)
    asked_at = models.DateTimeField(_("asked"), default=now)
    answer = models.TextField(_("answer"), max_length=10_000, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("dealt with by"),
    )
    settled_at = models.DateTimeField(_("dealt with"), null=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to the librarian")
        verbose_name_plural = _("questions to the librarian")
        indexes = [models.Index(fields=["state", "asked_at"], name="question_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="answered") | ~models.Q(answer=""), name="answered_has_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}, {self.asked_at:%Y-%m-%d}"
