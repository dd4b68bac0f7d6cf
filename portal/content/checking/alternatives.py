"""Pictures have descriptions, recordings captions and transcripts (WCAG 2.2, 1.1.1, 1.2.1, 1.2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.content.checking.reading import blocks_of
from portal.content.checking.registry import ERROR, Finding, check


@check
def pictures(page: Any) -> Iterator[Finding]:
    """Find pictures that are neither described nor marked as decoration."""
    for name, index, child in blocks_of(page):
        if (
            child.block_type == "figure"
            and not (child.value["alt"] or "").strip()
            and not child.value["decorative"]
        ):
            text = _("A picture has no description, and is not marked as decoration.")
            yield Finding(ERROR, text, field=name, block=child.id or "", index=index)


@check
def recordings(page: Any) -> Iterator[Finding]:
    """Find recordings without captions or a transcript in the page's language. Sound alone needs no captions."""
    language = page.locale.language_code
    for name, index, child in blocks_of(page):
        if child.block_type != "recording" or child.value["recording"] is None:
            continue
        recording, missing = child.value["recording"], []
        if recording.type == "video" and not recording.captions(language):
            missing.append(
                _("“%(title)s” has no captions in the language of this page.") % {"title": recording}
            )
        if not recording.transcript(language).strip():
            missing.append(
                _("“%(title)s” has no transcript in the language of this page.") % {"title": recording}
            )
        for text in missing:
            yield Finding(ERROR, text, field=name, block=child.id or "", index=index)
