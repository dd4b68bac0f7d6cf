"""What is asked about resources, lists, guides and rules."""

from portal.catalogue.reports.companions import Beside, Learning, beside, library_search, may_ask
from portal.catalogue.reports.finding import ResourceRow, in_order, keys_of, listed_resources, rows_of
from portal.catalogue.reports.matching import Match, best, folded, match
from portal.catalogue.reports.reading import Item, Reading, Section, items_of, reading_of

__all__ = [
    "Beside",
    "Item",
    "Learning",
    "Match",
    "Reading",
    "ResourceRow",
    "Section",
    "beside",
    "best",
    "folded",
    "in_order",
    "items_of",
    "keys_of",
    "library_search",
    "listed_resources",
    "match",
    "may_ask",
    "reading_of",
    "rows_of",
]
