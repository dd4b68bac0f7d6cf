"""Resources, lists and guides as schema.org describes them."""

from __future__ import annotations

from typing import Any

from portal.catalogue.models import ResourceIndexPage, ResourceListPage, ResourcePage, SubjectGuidePage
from portal.catalogue.reports import Reading, ResourceRow

CONTEXT = "https://schema.org"
TYPES = {
    ResourcePage.Kind.DATABASE: "Dataset",
    ResourcePage.Kind.JOURNAL: "Periodical",
    ResourcePage.Kind.EBOOK: "Book",
    ResourcePage.Kind.GUIDE: "CreativeWork",
    ResourcePage.Kind.REPOSITORY: "ArchiveOrganization",
    ResourcePage.Kind.SEARCH: "WebSite",
}


def _described(page: Any, kind: str) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "@type": kind,
        "name": page.title,
        "description": page.summary or page.title,
        "url": page.full_url,
        "inLanguage": page.locale.language_code,
    }


def resource_data(page: ResourcePage, topics: list[str]) -> dict[str, Any]:
    """Return the page about a resource (schema.org/WebPage) with the resource as what it is about."""
    return _described(page, "WebPage") | {
        "isAccessibleForFree": True,
        "mainEntity": {
            "@type": "CreativeWork",
            "additionalType": f"{CONTEXT}/{TYPES[ResourcePage.Kind(page.kind)]}",
            "name": page.title,
            "url": page.address or page.full_url,
            "isAccessibleForFree": page.access == ResourcePage.Access.OPEN,
            "conditionsOfAccess": str(page.get_access_display()),
            "about": topics,
        },
    }


def index_data(page: ResourceIndexPage, rows: list[ResourceRow]) -> dict[str, Any]:
    """Return the list of resources (schema.org/CollectionPage) with what this page of it shows."""
    parts = [{"@type": "WebPage", "name": row.page.title, "url": row.page.full_url} for row in rows]
    return _described(page, "CollectionPage") | {"hasPart": parts}


def reading_data(page: ResourceListPage | SubjectGuidePage, reading: Reading) -> dict[str, Any]:
    """Return a list or guide (schema.org/CollectionPage) with its items in order."""
    items = [item for section in reading.sections for item in section.items]
    return _described(page, "CollectionPage") | {
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": len(items),
            "itemListElement": [
                {"@type": "ListItem", "position": place, "name": item.title}
                for place, item in enumerate(items, start=1)
            ],
        }
    }
