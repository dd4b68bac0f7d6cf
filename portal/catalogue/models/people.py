"""Subject librarians: their cards, in both languages, as guides and lists show them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.images import get_image_model_string
from wagtail.search import index

from portal.directory.models import Role, RoleAssignment


def subject_librarians() -> models.Q:
    """Return whom a card may belong to: whoever holds the role today."""
    holding = RoleAssignment.objects.current().filter(role=Role.SUBJECT_LIBRARIAN)
    return models.Q(pk__in=holding.values("user"), is_active=True)


class SubjectLibrarianQuerySet(models.QuerySet["SubjectLibrarian"]):
    """Questions asked about subject librarians."""

    def of(self, user: Any) -> Self:
        """Return the person's own cards; none for somebody not signed in."""
        return self.filter(user=user) if user.is_authenticated else self.none()


class SubjectLibrarian(index.Indexed, models.Model):
    """A librarian as readers see them. Questions go to ``user``, who answers them here."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to=subject_librarians,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Questions are sent to this person. Only subject librarians are offered."),
    )
    name = models.CharField(_("name"), max_length=120)
    position_lt = models.CharField(_("position in Lithuanian"), max_length=160, blank=True)
    position_en = models.CharField(_("position in English"), max_length=160, blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("photo"),
    )
    hours_lt = models.TextField(_("hours in Lithuanian"), max_length=200, blank=True)
    hours_en = models.TextField(_("hours in English"), max_length=200, blank=True)
    place_lt = models.CharField(_("place in Lithuanian"), max_length=200, blank=True)
    place_en = models.CharField(_("place in English"), max_length=200, blank=True)
    email = models.EmailField(
        _("e-mail address shown"), blank=True, help_text=_("Empty: readers ask through the form alone.")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    panels: ClassVar[list[Any]] = [
        FieldPanel("name"),
        FieldPanel("user"),
        FieldPanel("photo"),
        MultiFieldPanel([FieldPanel("position_lt"), FieldPanel("position_en")], heading=_("Position")),
        MultiFieldPanel(
            [FieldPanel("place_lt"), FieldPanel("place_en"), FieldPanel("hours_lt"), FieldPanel("hours_en")],
            heading=_("Where and when"),
        ),
        MultiFieldPanel([FieldPanel("email"), FieldPanel("phone")], heading=_("Contact")),
    ]
    search_fields: ClassVar[list[Any]] = [index.SearchField("name"), index.AutocompleteField("name")]
    objects = SubjectLibrarianQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject librarian")
        verbose_name_plural = _("subject librarians")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def _said(self, name: str) -> str:
        code = "en" if get_language() == "en" else "lt"
        return str(getattr(self, f"{name}_{code}"))

    @property
    def position(self) -> str:
        """The position in the reader's language."""
        return self._said("position")

    @property
    def hours(self) -> str:
        """When to find them, in the reader's language."""
        return self._said("hours")

    @property
    def place(self) -> str:
        """Where to find them, in the reader's language."""
        return self._said("place")

    @property
    def photo_url(self) -> str:
        """The address of the photo, cut square; empty without one."""
        return str(self.photo.get_rendition("fill-176x176").url) if self.photo is not None else ""
