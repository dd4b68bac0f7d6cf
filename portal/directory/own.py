"""Pages of one's own account, for whoever signed in here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal.directory import gate

View = Callable[..., HttpResponseBase]


def own_here(view: View) -> View:
    """Ask to sign in; refuse a launch into an account one signs in to here as well (joined accounts).

    Whoever comes by launches alone has no other way to what is theirs.
    """
    return _refusing(gate.is_launched_into_account, view)


def own_account(view: View) -> View:
    """Ask to sign in; refuse a launch, which proves nothing that may change how one signs in here."""
    return never_cache(_refusing(gate.is_launched, view))


def _refusing(refused: Callable[[HttpRequest], bool], view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if refused(request):
            return render(request, "account/launched.html", status=HTTPStatus.FORBIDDEN)
        return view(request, *args, **kwargs)

    return guarded
