"""The words pages are sorted by: topics and audiences, kept by the editors."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Term(models.Model):
    """One word of a vocabulary, in both languages of the interface. ``slug`` is what addresses carry."""

    slug = models.SlugField(_("word in the address"), max_length=60, unique=True)
    name_lt = models.CharField(_("name in Lithuanian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    place = models.PositiveSmallIntegerField(
        _("place in the list"), default=0, help_text=_("Words stand by this number, then by the alphabet.")
    )

    class Meta:
        abstract = True
        ordering = ("place", "name_lt")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return str(self.name_en if get_language() == "en" else self.name_lt)


class Topic(Term):
    """What a page is about."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Audience(Term):
    """Whom a page is for."""

    class Meta(Term.Meta):
        verbose_name = _("audience (for filters)")
        verbose_name_plural = _("audiences (for filters)")
