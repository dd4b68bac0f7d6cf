"""Which view shows which page.

Pages are models and may not know views; views register themselves for a page here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from wagtail.models import BaseViewRestriction, CollectionViewRestriction, Page
from wagtail.permissions import policy_registry

from portal.content.players import allowed
from portal.directory.scope import groups_of

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


def language_here() -> str:
    """Return the language of the address."""
    return get_language() or settings.LANGUAGE_CODE


def language_of(request: HttpRequest, page: Page) -> str:
    """Return the language to show ``page`` in: the address's, or in a preview the page's own."""
    is_preview = request.is_preview  # type: ignore[attr-defined]
    return str(page.locale.language_code) if is_preview else language_here()


def admits(request: HttpRequest, page: Page) -> bool:
    """Tell whether the visitor meets every restriction on ``page`` and the pages above it."""
    return all(accepts(restriction, request) for restriction in page.get_view_restrictions())


def accepts(restriction: BaseViewRestriction, request: HttpRequest) -> bool:
    """Tell whether the visitor meets ``restriction``; groups of staff count after the second factor only."""
    if not restriction.accept_request(request):
        return False
    user = request.user
    if (
        restriction.restriction_type != restriction.GROUPS
        or not user.is_authenticated
        or not user.is_asleep()
    ):
        return True
    return bool(restriction.groups.filter(pk__in=groups_of(user).values("pk")).exists())


def choosable(files: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Return those of ``files`` (pictures or documents) that choosers may name to the person.

    Not those of private collections that are shut for them, but for files they may change: their own, or as editors.
    """
    rules = CollectionViewRestriction.objects.select_related("collection")
    shut = [rule.collection.path for rule in rules if not accepts(rule, request)]
    private = reduce(or_, (Q(collection__path__startswith=path) for path in shut), Q(pk__in=[]))
    policy = policy_registry.get_by_type(files.model)
    changed = policy.instances_user_has_permission_for(request.user, "change").order_by().values("pk")
    return files.filter(~private | Q(pk__in=changed)) if shut else files


def wake_first(request: HttpRequest, restrictions: Iterable[BaseViewRestriction]) -> HttpResponse | None:
    """Return the way to the sign-in when a restriction is met only by rights that sleep, else None.

    Whoever can wake them is led on from there to the second factor (``portal.errors.sign_in_or_refuse``). What Wagtail
    itself refuses is left to it.
    """
    if not request.user.is_authenticated or not request.user.is_asleep():
        return None
    if all(accepts(one, request) or not one.accept_request(request) for one in restrictions):
        return None
    response = redirect_to_login(request.get_full_path(), reverse("page_sign_in"))
    add_never_cache_headers(response)
    return response


def let_players_in(response: HttpResponse, hosts: list[str]) -> HttpResponse:
    """Let the players of ``hosts`` into frames of this one page, as far as the portal allows them still."""
    known = {provider.host for provider in allowed()}
    if origins := [f"https://{host}" for host in hosts if host in known]:
        response._csp_update = {"frame-src": origins}  # type: ignore[attr-defined]
    return response
