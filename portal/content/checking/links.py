"""Links say where they lead, also when read by themselves (WCAG 2.2, 2.4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from portal.content.checking.reading import pieces_of
from portal.content.checking.registry import ERROR, WARNING, Finding, check

VAGUE = {
    "čia", "spauskite čia", "spausti čia", "paspauskite čia", "daugiau", "skaityti daugiau", "plačiau", "nuoroda",
    "šioje nuorodoje", "ši nuoroda", "žr. čia", "rasite čia", "puslapis", "svetainė", "toliau",
    "here", "click here", "press here", "more", "read more", "learn more", "link", "this link", "this page", "page",
    "website", "see here", "this",
}  # fmt: skip


@check
def links(page: Any) -> Iterator[Finding]:
    """Find links without a text, and those whose text says nothing by itself."""
    for piece in pieces_of(page):
        part = piece.part
        if piece.level:
            continue
        if not piece.text:
            text = _("A link to %(address)s has no text.") % {"address": piece.href}
            text = text if piece.href else _("A link has neither a text nor an address.")
            yield Finding(ERROR, text, field=part.field, block=part.id, index=part.index)
        elif piece.text.casefold().strip(" .,:;!?»›→…“”„\"'()") in VAGUE:
            text = _("The link “%(text)s” does not say where it leads.") % {"text": piece.text}
            yield Finding(WARNING, text, field=part.field, block=part.id, index=part.index)
