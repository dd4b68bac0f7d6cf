"""The map of the site for search engines: every public page, in each of its languages."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from wagtail.models import Page, get_page_models

from portal.content.models import ServedPage
from portal.content.reports import listed_for


class PageMap(Sitemap):
    """The live pages that anybody may read (sitemaps.org 0.9, with hreflang alternates)."""

    limit = 5_000
    i18n = False

    def items(self) -> Any:
        """Return the pages, in the order of the tree."""
        models = [model for model in get_page_models() if issubclass(model, ServedPage) and model.is_found]
        pages = Page.objects.live().type(*models).select_related("locale").order_by("path")
        return listed_for(pages, AnonymousUser())

    def _urls(self, page: Any, protocol: str, domain: str) -> list[dict[str, Any]]:
        """Return what stands in the map about each page on this part of it."""
        pages = [item for item in self.paginator.page(page).object_list if item.get_url()]
        same = defaultdict(list)
        for item in pages:
            same[item.translation_key].append(item)
        return [
            {
                "location": item.get_full_url(),
                "lastmod": item.last_published_at,
                "alternates": [
                    {"lang_code": other.locale.language_code, "location": other.get_full_url()}
                    for other in same[item.translation_key]
                ]
                if len(same[item.translation_key]) > 1
                else [],
            }
            for item in pages
        ]
