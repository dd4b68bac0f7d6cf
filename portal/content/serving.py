"""Which view shows which page.

Pages are models and may not know views; views register themselves for a page here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from wagtail.models import Page

PageView = Callable[[HttpRequest, Any], HttpResponseBase]
_views: dict[type, PageView] = {}


def serves(model: type) -> Callable[[PageView], PageView]:
    """Register the decorated view ``(request, page)`` for pages of ``model``."""

    def register(view: PageView) -> PageView:
        _views[model] = view
        return view

    return register


def view_for(model: type) -> PageView:
    """Return the view registered for ``model``. Raises LookupError when there is none."""
    return _views[model]


def admits(request: HttpRequest, page: Page) -> bool:
    """Tell whether the visitor meets every restriction on ``page`` and the pages above it."""
    return all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
