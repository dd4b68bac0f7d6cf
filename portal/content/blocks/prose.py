"""The blocks of text: prose, headings, asides, pictures, steps, sources."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

TWO: list[dict[str, Any]] = [{}, {}]  # a list that needs two rows begins with two, not with a complaint
PLAIN = ["bold", "italic", "link"]
LANGUAGES_OF_SOURCES = ("lt", "en", "de", "fr", "pl", "ru", "uk", "lv")
PROSE = ["h3", "bold", "italic", "ol", "ul", "link"]


class TextBlock(blocks.RichTextBlock):
    """Running text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(features=PROSE, **kwargs)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "components/blocks/text.html"


class HeadingBlock(blocks.CharBlock):
    """A heading within the page."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "components/blocks/heading.html"


class CalloutBlock(blocks.StructBlock):
    """A short aside: something to try, to note, to beware of, or an example."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("try", _("Try it")),
            ("note", _("Worth knowing")),
            ("warning", _("Take care")),
            ("example", _("Example")),
        ],
        default="note",
        label=capfirst(_("kind")),
    )
    title = blocks.CharBlock(max_length=120, label=capfirst(_("title")))
    text = blocks.RichTextBlock(features=PLAIN, label=capfirst(_("text")))

    class Meta:
        icon = "warning"
        label = _("Callout")
        label_format = "{title}"
        template = "components/blocks/callout.html"


class FigureBlock(blocks.StructBlock):
    """A picture with its description, or marked as decoration."""

    image = ImageChooserBlock(label=capfirst(_("picture")))
    alt = blocks.CharBlock(
        required=False,
        max_length=300,
        label=capfirst(_("description")),
        help_text=_("What the picture tells somebody who cannot see it."),
    )
    decorative = blocks.BooleanBlock(
        required=False,
        label=capfirst(_("decoration")),
        help_text=_("The picture says nothing the text does not."),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=capfirst(_("caption")))

    def clean(self, value: Any) -> Any:
        """Ask for a description or the decoration mark, never both; a draft may still lack both."""
        value = super().clean(value)
        if self.is_deferred_validation:
            return value
        described = bool(value["alt"].strip())
        if described == bool(value["decorative"]):
            message = _("Describe the picture, or mark it as decoration (not both).")
            raise blocks.StructBlockValidationError(block_errors={"alt": ValidationError(message)})
        return value

    class Meta:
        icon = "image"
        label = _("Picture")
        label_format = "{alt}"
        template = "components/blocks/figure.html"


class StepBlock(blocks.StructBlock):
    """One step of a procedure."""

    title = blocks.CharBlock(max_length=120, label=capfirst(_("title")))
    text = blocks.RichTextBlock(features=PLAIN, label=capfirst(_("text")))


class StepsBlock(blocks.StructBlock):
    """A procedure, step by step."""

    title = blocks.CharBlock(required=False, max_length=120, label=capfirst(_("title")))
    items = blocks.ListBlock(StepBlock(), min_num=2, default=TWO, label=capfirst(_("steps")))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        label_format = "{title}"
        template = "components/blocks/steps.html"


class CitationBlock(blocks.StructBlock):
    """A source the text stands on."""

    authors = blocks.CharBlock(required=False, max_length=200, label=capfirst(_("authors")))
    title = blocks.CharBlock(max_length=300, label=capfirst(_("title")))
    year = blocks.CharBlock(required=False, max_length=20, label=capfirst(_("year")))
    publisher = blocks.CharBlock(required=False, max_length=200, label=capfirst(_("publisher")))
    url = blocks.URLBlock(required=False, label=capfirst(_("address")))
    note = blocks.CharBlock(required=False, max_length=300, label=capfirst(_("note")))
    language = blocks.ChoiceBlock(
        required=False,
        choices=[(code, get_language_info(code)["name_translated"]) for code in LANGUAGES_OF_SOURCES],
        label=capfirst(_("language of the source")),
        help_text=_("Empty: the page's own. Screen readers then read the title rightly."),
    )

    class Meta:
        icon = "openquote"
        label = _("Source")
        label_format = "{title}"
        template = "components/blocks/citation.html"
