"""Which view shows which page.

Pages are models and may not know views; views register themselves for a page here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from wagtail.models import Page

from portal.content.players import allowed

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


def let_players_in(response: HttpResponse, hosts: list[str]) -> HttpResponse:
    """Let the players of ``hosts`` into frames of this one page, as far as the portal allows them still."""
    known = {provider.host for provider in allowed()}
    if origins := [f"https://{host}" for host in hosts if host in known]:
        response._csp_update = {"frame-src": origins}  # type: ignore[attr-defined]
    return response
