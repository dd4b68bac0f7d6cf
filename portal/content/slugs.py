"""Addresses that a page may not take: those that the portal itself answers."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.urls import Resolver404, resolve
from django.utils.translation import override
from wagtail.models import Page


def is_answered_by_portal(slug: str, parent: Page) -> bool:
    """Tell whether a page called ``slug`` under ``parent`` could never be seen, as the portal answers there.

    Only pages right under a home page can stand in an address's first place.
    """
    if parent.depth != 2:
        return False
    language = parent.locale.language_code
    prefixed, _default = is_language_prefix_patterns_used(settings.ROOT_URLCONF)
    with override(language):
        try:
            match = resolve(f"/{language}/{slug}/" if prefixed else f"/{slug}/")
        except Resolver404:
            return False
    return match.url_name != "wagtail_serve"
