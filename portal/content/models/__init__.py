"""The base of all pages, the home page, the standard page, recordings, and the words pages are sorted by."""

from portal.content.models.base import ServedPage
from portal.content.models.glossary import GlossaryTerm
from portal.content.models.home import HomePage
from portal.content.models.recordings import Recording
from portal.content.models.standard import StandardPage
from portal.content.models.terms import Audience, Topic

__all__ = ["Audience", "GlossaryTerm", "HomePage", "Recording", "ServedPage", "StandardPage", "Topic"]
