"""Headings: none empty, none skipped, none twice (WCAG 2.2, 1.3.1 and 2.4.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.content.checking.reading import Piece, pieces_of
from portal.content.checking.registry import ERROR, WARNING, Finding, check


@check
def headings(page: Any) -> Iterator[Finding]:
    """Find headings without text, those that skip a level, and chapters of the same name."""
    level, chapters = 1, set()  # the page's title is the first
    for piece in pieces_of(page):
        if not piece.level:
            continue
        if not piece.text:
            yield _at(piece, ERROR, _("A heading is empty."))
            continue
        if piece.level > level + 1:
            text = _("The heading “%(text)s” skips a level: a smaller heading stands below a larger one.")
            yield _at(piece, WARNING, text % {"text": piece.text})
        level = piece.level
        if piece.level == 2 and (anchor := slugify(piece.text)) in chapters:
            yield _at(piece, WARNING, _("Two chapters are called “%(text)s”.") % {"text": piece.text})
        elif piece.level == 2:
            chapters.add(anchor)


def _at(piece: Piece, level: str, text: str) -> Finding:
    part = piece.part
    return Finding(level, text, field=part.field, block=part.id, index=part.index)
