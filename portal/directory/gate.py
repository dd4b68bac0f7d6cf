"""The one gate before what roles allow: in a session without the second factor, the rights of staff sleep.

Whatever door a session came by (password, a mailed link, single sign-on, a launch), its person's rights ask here:
``User.has_perm`` and ``scope_of`` find nothing while they sleep. And nobody with a role passes to the staff's
screens: they are led to set the second factor up, or to pass it. A launch never wakes them: it proves only
what a platform says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from portal.conf import conf
from portal.directory.models import User
from portal.directory.scope import holds_rights

STAFF_AREA = "/admin/"
WAYS_OUT = {"/admin/login/", "/admin/logout/"}
LAUNCH_BACKEND = "portal.directory.backends.LaunchBackend"
BY_PROVIDER = "provider"  # the kind of a second factor that single sign-on vouched for


class StaffGateMiddleware:
    """Lets rights sleep where they must, and leads staff to the second factor before their screens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or lead to the second factor."""
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
        if request.path.startswith(STAFF_AREA) and request.path not in WAYS_OUT:
            return lead_away(request) or self.get_response(request)
        return self.get_response(request)


def person_of(request: HttpRequest) -> User | AnonymousUser:
    """Return who is signed in, with rights that know this session."""
    user: Any = get_user(request)
    if user.is_authenticated:
        user.rights_asleep = cache(lambda: are_asleep(request, user))
    person: User | AnonymousUser = user
    return person


def lead_away(request: HttpRequest) -> HttpResponseBase | None:
    """Return where somebody goes whose rights sleep; None where they are awake or there are none.

    Raises PermissionDenied for a launch, and for a script, which cannot be led anywhere.
    """
    user = request.user
    if not user.is_authenticated or not user.is_asleep() or not holds_rights(user):
        return None
    if is_launched(request) or request.headers.get("X-Requested-With") == "XMLHttpRequest":
        raise PermissionDenied
    return redirect(way_to_pass(user, request.get_full_path() if request.method == "GET" else STAFF_AREA))


def way_to_pass(user: User, then: str) -> str:
    """Return the address where ``user`` passes the second factor, or sets it up, on the way to ``then``."""
    name = "mfa_reauthenticate" if app_of(user) else "second_factor_set_up"
    return f"{reverse(name)}?{urlencode({'next': then})}"


def are_asleep(request: HttpRequest, user: User) -> bool:
    """Whether what the person's roles allow sleeps in this session."""
    if is_launched(request):
        return True
    return is_required() and not is_passed(request, user)


def is_required() -> bool:
    """Whether the second factor is required of staff here (KELRODIS_SECOND_FACTOR)."""
    return conf.SECOND_FACTOR != "off"


def must_pass(request: HttpRequest, user: User) -> bool:
    """Whether this person still has to pass the second factor to do what their roles allow."""
    return not is_launched(request) and are_asleep(request, user) and holds_rights(user)


def is_launched(request: HttpRequest) -> bool:
    """Whether the session began with a platform's launch."""
    return "launch" in request.session or request.session.get(BACKEND_SESSION_KEY) == LAUNCH_BACKEND


def is_launched_into_account(request: HttpRequest) -> bool:
    """Whether the session began with a launch and its person signs in to the portal itself, too: joined accounts.

    What may harm the account, or tells all of it, is not for such a session: a platform can let anybody in so.
    """
    user: Any = request.user
    return user.is_authenticated and is_launched(request) and user.is_local


def is_passed(request: HttpRequest, user: User) -> bool:
    """Whether the second factor was passed in this session: the app the person has now, or the provider's."""
    passed = [row for row in get_authentication_records(request, user) if row["method"] == "mfa"]
    if any(row.get("type") == BY_PROVIDER for row in passed) and (conf.OIDC["acr"] or conf.OIDC["amr"]):
        return True
    by_app = [row["at"] for row in passed if row.get("type") != BY_PROVIDER]
    app = app_of(user) if by_app else None
    return app is not None and max(by_app) >= app.created_at.timestamp()


def app_of(user: User) -> Authenticator | None:
    """Return the authenticator app the person has set up."""
    app: Authenticator | None = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return app
