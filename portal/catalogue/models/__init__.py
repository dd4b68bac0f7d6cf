"""Pages that describe resources, the librarians behind them, and the records of readers."""

from portal.catalogue.models.lists import ResourceListPage, SubjectGuidePage
from portal.catalogue.models.marks import ReadMark
from portal.catalogue.models.people import SubjectLibrarian
from portal.catalogue.models.questions import Question
from portal.catalogue.models.resources import ResourceIndexPage, ResourcePage
from portal.catalogue.models.rules import MatchingRule
from portal.catalogue.models.settings import LibraryAccess

__all__ = [
    "LibraryAccess",
    "MatchingRule",
    "Question",
    "ReadMark",
    "ResourceIndexPage",
    "ResourceListPage",
    "ResourcePage",
    "SubjectGuidePage",
    "SubjectLibrarian",
]
