"""The style guide's pages: for whoever may enter the staff's side."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import SELF
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from portal.content.sitewide import Around
from portal.styleguide.colours import measured
from portal.styleguide.sample import Sample, State
from portal.styleguide.samples import samples

View = Callable[..., HttpResponse]


def for_staff(view: View) -> View:
    """Ask who is not signed in to do so, and refuse whoever may not enter the staff's side."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return require_GET(never_cache(login_required(guarded)))


@for_staff
def guide(request: HttpRequest) -> HttpResponse:
    """Show every component in each of its states."""
    shown = [(sample, [_shown(request, sample, state) for state in sample.states]) for sample in samples()]
    context = {"samples": shown, "colours": measured(Around(request).sheet)}
    return render(request, "styleguide/guide.html", context)


@for_staff
@xframe_options_sameorigin
def framed(request: HttpRequest, anchor: str, number: int) -> HttpResponse:
    """Show one state of a component that is a landmark, on a page of its own. Raises Http404."""
    sample = next((sample for sample in samples() if sample.framed and sample.anchor == anchor), None)
    if sample is None or not 0 <= number < len(sample.states):
        raise Http404
    state = sample.states[number]
    context = {"sample": sample, "state": state, "html": _html(request, sample, state)}
    response = render(request, "styleguide/framed.html", context)
    response._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
    return response


def _shown(request: HttpRequest, sample: Sample, state: State) -> tuple[State, SafeString]:
    return state, SafeString("") if sample.framed else _html(request, sample, state)


def _html(request: HttpRequest, sample: Sample, state: State) -> SafeString:
    """Return the state as the template makes it."""
    return render_to_string(sample.template, state.context, request)
