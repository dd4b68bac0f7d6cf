"""The base of all pages, and the home page."""

from portal.content.models.base import ServedPage
from portal.content.models.home import HomePage

__all__ = ["HomePage", "ServedPage"]
