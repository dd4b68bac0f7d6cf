"""The base of all pages, the home page, the words pages are sorted by, and the settings of a site."""

from portal.content.models.base import ServedPage
from portal.content.models.branding import Branding
from portal.content.models.home import HomePage
from portal.content.models.navigation import Navigation
from portal.content.models.terms import Audience, Topic

__all__ = ["Audience", "Branding", "HomePage", "Navigation", "ServedPage", "Topic"]
