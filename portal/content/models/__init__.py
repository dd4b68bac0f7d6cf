"""The base of all pages, home and standard page, recordings, words pages are sorted by, settings of a site."""

from portal.content.models.base import ServedPage
from portal.content.models.branding import Branding
from portal.content.models.glossary import GlossaryTerm
from portal.content.models.home import HomePage
from portal.content.models.navigation import Navigation
from portal.content.models.recordings import Recording
from portal.content.models.standard import StandardPage
from portal.content.models.terms import Audience, Topic

__all__ = [
    "Audience",
    "Branding",
    "GlossaryTerm",
    "HomePage",
    "Navigation",
    "Recording",
    "ServedPage",
    "StandardPage",
    "Topic",
]
