"""Territory → municipality → library → branch: who belongs where."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.directory.alphabet import InLithuanian
from portal.directory.scope import scope_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.directory.models.people import User


class Named(models.Model):
    """A record with a name in both languages and a public identifier."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_lt = models.CharField(_("name in Lithuanian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page, Lithuanian where there is no English one."""
        return self.name_en if get_language() == "en" and self.name_en else self.name_lt


class Territory(Named):
    """A county whose libraries one coordinator looks after."""

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        ordering = ["name_lt"]


class Municipality(Named):
    """A municipality of a territory."""

    territory = models.ForeignKey(
        Territory, verbose_name=_("territory"), on_delete=models.PROTECT, related_name="municipalities"
    )

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name_lt"]


class LibraryQuerySet(models.QuerySet["Library"]):
    """Questions asked about libraries."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the libraries whose people and figures ``user`` may see today."""
        scope = scope_of(user)
        if scope.everything:
            return self
        return self.filter(
            models.Q(pk__in=scope.libraries) | models.Q(municipality__territory__in=scope.territories)
        )

    def decided_by(self, user: User | AnonymousUser) -> Self:
        """Return the libraries whose people ``user`` may confirm and invite."""
        scope = scope_of(user)
        if scope.everything:
            return self
        return self.filter(
            models.Q(pk__in=scope.coordinated) | models.Q(municipality__territory__in=scope.territories)
        )

    def staffed_by(self, user: User | AnonymousUser) -> Self:
        """Return the libraries whose coordinators ``user`` may appoint: those of one's territories."""
        scope = scope_of(user)
        if scope.everything:
            return self
        return self.filter(municipality__territory__in=scope.territories)

    def in_order(self) -> Self:
        """Return them by municipality and name, in Lithuanian order, ready to be listed so."""
        return self.select_related("municipality").order_by(
            InLithuanian("municipality__name_lt"), InLithuanian("name_lt"), "pk"
        )


class Library(Named):
    """A library as a legal body; its branches belong to it."""

    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="libraries"
    )
    code = models.SlugField(
        _("code"),
        max_length=40,
        unique=True,
        help_text=_(
            "Short, of Latin letters, digits and hyphens, such as VB-ALYTUS: names the library in logs and files."
        ),
    )
    city = models.CharField(_("city"), max_length=100, blank=True)

    objects = LibraryQuerySet.as_manager()

    class Meta:
        verbose_name = _("library")
        verbose_name_plural = _("libraries")
        ordering = ["name_lt"]


class Branch(Named):
    """A branch of a library."""

    library = models.ForeignKey(
        Library, verbose_name=_("library"), on_delete=models.PROTECT, related_name="branches"
    )

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name_lt"]
