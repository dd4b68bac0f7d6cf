"""Terms from the glossary, explained where they are needed."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class TermsBlock(blocks.StructBlock):
    """Terms with their definitions, as the glossary has them when the page is published."""

    terms = blocks.ListBlock(
        SnippetChooserBlock("content.GlossaryTerm", label=capfirst(_("term"))),
        min_num=1,
        max_num=12,
        label=capfirst(_("terms")),
    )

    def words_in(self, value: Any, language: str) -> list[str]:
        """Return terms and definitions, for the search among pages of ``language``."""
        terms = [term for term in value["terms"] if term]
        return [text for term in terms for text in (term.term(language), term.definition(language))]

    class Meta:
        icon = "list-ul"
        label = _("Terms")
        template = "components/blocks/terms.html"
