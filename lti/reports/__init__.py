"""What is asked about platforms, and about what of ours may be put into their courses."""

from lti.reports.offers import (
    KINDS,
    LIBRARY,
    Offer,
    library,
    offered,
    offers_named,
    offers_of,
    page_of,
)
from lti.reports.platforms import (
    PlatformRow,
    framing_origins_of_all,
    platform_row,
    platforms,
    waiting,
)
from lti.reports.unmatched import unmatched

__all__ = [
    "KINDS",
    "LIBRARY",
    "Offer",
    "PlatformRow",
    "framing_origins_of_all",
    "library",
    "offered",
    "offers_named",
    "offers_of",
    "page_of",
    "platform_row",
    "platforms",
    "unmatched",
    "waiting",
]
