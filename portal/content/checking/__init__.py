"""Checks of a page's content before it is published: one registry of all of them.

An *error* keeps the page from being published, whichever way it is published; a *warning* only tells the editor.
Wagtail's own checker (axe, in the preview) looks at the page as it is drawn; these checks look at what is written, know
the page's language and its translation, and hold where no browser is: in workflows, by the clock, in translations.
"""

from portal.content.checking import alternatives, describing, headings, links, translating
from portal.content.checking.registry import ERROR, WARNING, Finding, Unfinished, errors_of, findings_of

__all__ = [
    "ERROR",
    "WARNING",
    "Finding",
    "Unfinished",
    "alternatives",
    "describing",
    "errors_of",
    "findings_of",
    "headings",
    "links",
    "translating",
]
