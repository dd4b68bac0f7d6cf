"""The blocks lessons and pages are written in.

There is none for raw HTML, and rich text holds only what ``PROSE`` and ``PLAIN`` name: nothing an editor writes or
pastes can bring a script, a style or a frame of its own (M08).
"""

from wagtail import blocks

from portal.content.blocks.comparing import ComparisonBlock
from portal.content.blocks.files import DocumentBlock, EmbedBlock, RecordingBlock
from portal.content.blocks.prose import (
    PLAIN,
    PROSE,
    TWO,
    CalloutBlock,
    CitationBlock,
    FigureBlock,
    HeadingBlock,
    StepsBlock,
    TextBlock,
)
from portal.content.blocks.tables import TableBlock
from portal.content.blocks.terms import TermsBlock

BASE_BLOCKS: list[tuple[str, blocks.Block]] = [
    ("text", TextBlock()),
    ("heading", HeadingBlock(max_length=160)),
    ("callout", CalloutBlock()),
    ("figure", FigureBlock()),
    ("recording", RecordingBlock()),
    ("embed", EmbedBlock()),
    ("document", DocumentBlock()),
    ("steps", StepsBlock()),
    ("comparison", ComparisonBlock()),
    ("table", TableBlock()),
    ("terms", TermsBlock()),
    ("citation", CitationBlock()),
]

__all__ = [
    "BASE_BLOCKS",
    "PLAIN",
    "PROSE",
    "TWO",
    "EmbedBlock",
    "FigureBlock",
    "HeadingBlock",
    "RecordingBlock",
    "TableBlock",
    "TermsBlock",
    "TextBlock",
]
