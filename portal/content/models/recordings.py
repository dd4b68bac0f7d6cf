"""Recordings: video and sound, with captions and transcripts in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtailmedia.models import AbstractMedia

# What is taken, by extension; the kind of a file is settled by its content when it is uploaded (forms.uploads).
CONTENT_TYPES = {
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
}
VTT_HELP = _("A WebVTT file (.vtt): what is said, and the sounds that matter.")
TRANSCRIPT_HELP = _("Everything that is said and shown, as text; an empty line begins a new paragraph.")


@dataclass(frozen=True)
class Track:
    """Captions in one language: their address, the language's own name, whether they are shown first."""

    language: str
    name: str
    url: str
    is_first: bool


class Recording(AbstractMedia):
    """A video or a sound recording.

    Its file is given out only through ``portal.media.recording``, which asks whether its collection is private.
    """

    uuid = models.UUIDField(default=uuid4, editable=False, unique=True)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    captions_lt = models.FileField(
        _("captions in Lithuanian"), upload_to="captions", blank=True, help_text=VTT_HELP
    )
    transcript_lt = models.TextField(_("transcript in Lithuanian"), blank=True, help_text=TRANSCRIPT_HELP)
    captions_en = models.FileField(
        _("captions in English"), upload_to="captions", blank=True, help_text=VTT_HELP
    )
    transcript_en = models.TextField(_("transcript in English"), blank=True, help_text=TRANSCRIPT_HELP)

    admin_form_fields: ClassVar[tuple[str, ...]] = (
        "title",
        "file",
        "collection",
        "captions_lt",
        "transcript_lt",
        "captions_en",
        "transcript_en",
        "tags",
    )

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete it with its captions (wagtailmedia deletes the recording's own file)."""
        for file in (self.captions_lt, self.captions_en):
            if file:
                transaction.on_commit(partial(file.storage.delete, str(file.name)))
        return super().delete(*args, **kwargs)

    @property
    def url(self) -> str:
        """Where it is given out."""
        return reverse("recording", args=[self.uuid])

    @property
    def content_type(self) -> str:
        """The media type, by the extension that was checked when it was uploaded."""
        return CONTENT_TYPES.get(self.file_extension.lower(), "application/octet-stream")

    @property
    def sources(self) -> list[dict[str, str]]:
        """What Wagtail's screens play."""
        return [{"src": self.url, "type": self.content_type}]

    def captions(self, language: str) -> Any:
        """Return the file of captions in ``language``; it is empty when there is none."""
        return self.captions_en if language == "en" else self.captions_lt

    def transcript(self, language: str) -> str:
        """Return the transcript in ``language``."""
        return str(self.transcript_en if language == "en" else self.transcript_lt)

    def tracks(self, *, first: str) -> list[Track]:
        """Return the captions there are, those in the language ``first`` before the others."""
        languages = sorted(settings.LANGUAGES, key=lambda pair: pair[0] != first)
        return [
            Track(code, str(name), reverse("recording_captions", args=[self.uuid, code]), code == first)
            for code, name in languages
            if self.captions(code)
        ]
