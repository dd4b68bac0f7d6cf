"""The glossary: terms and what they mean, in both languages."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.search import index


class GlossaryTerm(index.Indexed, models.Model):
    """A term and its definition.

    Both languages stand in one record, as in the other vocabularies: a lesson and its translation then show the same
    term, and none can be published in one language only.
    """

    term_lt = models.CharField(_("term in Lithuanian"), max_length=80, unique=True)
    definition_lt = models.TextField(_("definition in Lithuanian"), max_length=600)
    term_en = models.CharField(_("term in English"), max_length=80, unique=True)
    definition_en = models.TextField(_("definition in English"), max_length=600)

    search_fields: ClassVar[list[index.BaseField]] = [
        index.SearchField("term_lt"),
        index.AutocompleteField("term_lt"),
        index.SearchField("term_en"),
        index.AutocompleteField("term_en"),
    ]

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = ("term_lt",)

    def __str__(self) -> str:
        return self.name

    def term(self, language: str) -> str:
        """Return the term in ``language``."""
        return str(self.term_en if language == "en" else self.term_lt)

    def definition(self, language: str) -> str:
        """Return what it means, in ``language``."""
        return str(self.definition_en if language == "en" else self.definition_lt)

    @property
    def name(self) -> str:
        """The term in the reader's language."""
        return self.term(get_language() or "lt")

    @property
    def meaning(self) -> str:
        """The definition in the reader's language."""
        return self.definition(get_language() or "lt")
