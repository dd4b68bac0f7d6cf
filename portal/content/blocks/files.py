"""Recordings, players of other sites, and files to take along."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtailmedia.blocks import AbstractMediaChooserBlock
from wagtailmedia.utils import format_audio_html, format_video_html

from portal.content.blocks.prose import PLAIN
from portal.content.players import allowed_names, player_of

SUMMARY = [*PLAIN, "ul", "ol"]


class RecordingChooserBlock(AbstractMediaChooserBlock):
    """A choice of one of our recordings."""

    def render_basic(self, value: Any, context: Any = None) -> str:
        """Return a plain player, for the comparison of two versions of a page."""
        if not value:
            return ""
        return str(format_video_html(value) if value.type == "video" else format_audio_html(value))


class RecordingBlock(blocks.StructBlock):
    """A video or a sound recording of ours, with captions and a transcript in the page's language.

    Captions and transcripts are kept with the recording, so that they are right wherever it is used. Whether it has
    them in this page's language is checked when the page is published (``checking.alternatives``).
    """

    title = blocks.CharBlock(max_length=160, label=capfirst(_("title")))
    recording = RecordingChooserBlock(
        label=capfirst(_("recording")),
        help_text=_("It needs captions and a transcript in the language of this page."),
    )
    caption = blocks.CharBlock(required=False, max_length=300, label=capfirst(_("caption")))

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the captions, those of the page's language first, and the transcript."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        recording, language = value["recording"], get_language() or "lt"
        if recording is not None:
            context["tracks"] = recording.tracks(first=language)
            context["transcript"] = recording.transcript(language)
        return context

    def words_in(self, value: Any, language: str) -> list[str]:
        """Return what is said in it, for the search among pages of ``language``."""
        return [value["recording"].transcript(language)] if value["recording"] else []

    class Meta:
        icon = "media"
        label = _("Video or sound")
        label_format = "{title}"
        template = "components/blocks/recording.html"


class EmbedBlock(blocks.StructBlock):
    """A video at another site: it is loaded from there only when the reader asks for it."""

    title = blocks.CharBlock(max_length=160, label=capfirst(_("title")))
    url = blocks.URLBlock(label=capfirst(_("address")), help_text=_("The address of the video's page."))
    summary = blocks.RichTextBlock(
        features=SUMMARY,
        label=capfirst(_("transcript or summary")),
        help_text=_("For those who cannot hear or see it, or do not want to load it from there."),
    )

    def clean(self, value: Any) -> Any:
        """Refuse a site that is not one of those the portal shows."""
        value = super().clean(value)
        if value["url"] and player_of(value["url"]) is None:
            message = _("This is not the page of a video at one of: %(sites)s.") % {"sites": allowed_names()}
            raise blocks.StructBlockValidationError(block_errors={"url": ValidationError(message)})
        return value

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the player: whose it is and where it would be loaded from."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["player"] = player_of(value["url"]) if value["url"] else None
        return context

    class Meta:
        icon = "link-external"
        label = _("Video at another site")
        label_format = "{title}"
        template = "components/blocks/embed.html"


class DocumentBlock(blocks.StructBlock):
    """A file to download."""

    document = DocumentChooserBlock(label=capfirst(_("document")))
    title = blocks.CharBlock(
        required=False,
        max_length=160,
        label=capfirst(_("title")),
        help_text=_("Empty: the document's own."),
    )
    note = blocks.CharBlock(required=False, max_length=300, label=capfirst(_("note")))

    def get_searchable_content(self, value: Any) -> list[str]:
        """Return the words of the link and the note."""
        document = value["document"]
        title = value["title"] or (document.title if document else "")
        return [title, value["note"] or ""]

    class Meta:
        icon = "doc-full"
        label = _("Document")
        label_format = "{document}"
        template = "components/blocks/document.html"
