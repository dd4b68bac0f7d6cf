"""A page's content as the checks read it: its blocks, their HTML, and the headings and links in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from portal.content.checking.registry import rendering_of

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


@dataclass(frozen=True)
class Part:
    """One block of a page (``block`` is None for a field of rich text) with its place."""

    field: str
    html: str
    kind: str = ""
    id: str = ""
    index: int | None = None
    value: Any = None


@dataclass
class Piece:
    """A heading (``level`` 1 to 6) or a link (``level`` 0): its text, and where it stands."""

    part: Part
    level: int
    text: str = ""
    href: str = ""


def blocks_of(page: Page) -> Iterator[tuple[str, int, Any]]:
    """Yield field, place and child of every block of ``page``."""
    for column in page._meta.get_fields():
        if isinstance(column, StreamField):
            for index, child in enumerate(getattr(page, column.name)):
                yield column.name, index, child


def parts_of(page: Page) -> list[Part]:
    """Return the rendered parts of ``page`` in its language, in their order; what has no template is left out."""
    found: list[Part] = []
    with rendering_of(page):
        for column in page._meta.get_fields():
            if isinstance(column, RichTextField):
                found.append(Part(field=column.name, html=expand_db_html(getattr(page, column.name) or "")))
        for name, index, child in blocks_of(page):
            if getattr(child.block.meta, "template", None):
                html = str(child.render())
                found.append(Part(name, html, child.block_type, child.id or "", index, child.value))
    return found


@dataclass
class _Reader(HTMLParser):
    """Gathers headings and links, with their texts; a picture's description is text, too."""

    part: Part
    pieces: list[Piece] = field(default_factory=list)
    open: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a heading or a link."""
        named = dict(attrs)
        if tag in HEADINGS or (tag == "a" and "href" in named):
            piece = Piece(self.part, HEADINGS.get(tag, 0), href=named.get("href") or "")
            self.pieces.append(piece)
            self.open.append(piece)
        elif tag == "img":
            self.handle_data(named.get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        """End the innermost heading or link of this kind."""
        level = HEADINGS.get(tag, 0 if tag == "a" else -1)
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place].level == level:
                del self.open[place]
                return

    def handle_data(self, data: str) -> None:
        """Add the text to whatever is open."""
        for piece in self.open:
            piece.text += data


def pieces_of(page: Page) -> list[Piece]:
    """Return the headings and links of ``page`` in their order, their texts with single spaces."""
    found: list[Piece] = []
    for part in parts_of(page):
        reader = _Reader(part)
        reader.feed(part.html)
        found += reader.pieces
    for piece in found:
        piece.text = " ".join(piece.text.split())
    return found
