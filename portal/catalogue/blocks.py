"""The blocks of reading lists and guides: sections (a week, a theme) with what to read or use."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from portal.content.blocks import PLAIN
from portal.content.blocks.prose import LANGUAGES_OF_SOURCES

IMPORTANCE = [
    ("required", _("required")),
    ("recommended", _("recommended")),
    ("further", _("further reading")),
]


def _note() -> blocks.CharBlock:
    return blocks.CharBlock(
        required=False,
        max_length=400,
        label=capfirst(_("note")),
        help_text=_("What to look for in it, which pages, why it matters here."),
    )


def _importance() -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(
        choices=IMPORTANCE, default="recommended", label=capfirst(_("how much it matters"))
    )


class ResourceItemBlock(blocks.StructBlock):
    """A resource of ours."""

    page = blocks.PageChooserBlock(page_type="catalogue.ResourcePage", label=capfirst(_("resource")))
    importance = _importance()
    note = _note()

    class Meta:
        icon = "link"
        label = _("Resource")


class ReadingItemBlock(blocks.StructBlock):
    """A book, a chapter, an article: anything with an author and a title."""

    authors = blocks.CharBlock(required=False, max_length=200, label=capfirst(_("authors")))
    title = blocks.CharBlock(max_length=300, label=capfirst(_("title")))
    published = blocks.CharBlock(
        required=False,
        max_length=300,
        label=capfirst(_("published")),
        help_text=_("Journal or publisher, year, volume, pages."),
    )
    url = blocks.URLBlock(required=False, label=capfirst(_("address")))
    call_number = blocks.CharBlock(
        required=False, max_length=80, label=capfirst(_("shelf mark")), help_text=_("Where it stands.")
    )
    language = blocks.ChoiceBlock(
        required=False,
        choices=[(code, get_language_info(code)["name_translated"]) for code in LANGUAGES_OF_SOURCES],
        label=capfirst(_("language of the source")),
        help_text=_("Empty: the page's own. Screen readers then read the title rightly."),
    )
    importance = _importance()
    note = _note()

    class Meta:
        icon = "openquote"
        label = _("Reading")


class SectionBlock(blocks.StructBlock):
    """A week or a theme."""

    title = blocks.CharBlock(
        max_length=120, label=capfirst(_("title")), help_text=_("“Week 1. …”, or a theme.")
    )
    text = blocks.RichTextBlock(required=False, features=PLAIN, label=capfirst(_("text")))
    items = blocks.StreamBlock(
        [("resource", ResourceItemBlock()), ("reading", ReadingItemBlock())],
        min_num=1,
        label=capfirst(_("what to read or use")),
    )

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return titles, authors and notes; resources are found by themselves."""
        found = [value["title"]]
        for child in value["items"]:
            found += [child.value["note"] or ""]
            if child.block_type == "reading":
                found += [child.value["authors"] or "", child.value["title"]]
        return found

    class Meta:
        icon = "list-ul"
        label = _("Section")


class LearningBlock(blocks.StreamBlock):
    """Courses and lessons worth taking; named by kind, as courses stand above this app."""

    page = blocks.PageChooserBlock(
        page_type=["courses.CoursePage", "courses.LessonPage", "courses.QuizPage"],
        label=_("Course, lesson or quiz"),
    )

    class Meta:
        required = False
        max_num = 6
