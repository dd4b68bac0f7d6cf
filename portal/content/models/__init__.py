"""The base of all pages, the home page, and the words pages are sorted by."""

from portal.content.models.base import ServedPage
from portal.content.models.home import HomePage
from portal.content.models.terms import Audience, Topic

__all__ = ["Audience", "HomePage", "ServedPage", "Topic"]
