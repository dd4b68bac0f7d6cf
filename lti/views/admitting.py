"""The session of a launch: what the portal keeps of it, and how it begins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth import login as sign_in
from django.contrib.auth import logout as sign_out
from django.contrib.auth.models import update_last_login
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from lti.flows.launch import Admission
from lti.flows.privacy import PrivacyAdmission, return_url_of
from lti.views.framing import is_framed
from portal.directory.models import User

BACKEND = "portal.directory.backends.LaunchBackend"
SESSION_LENGTH = timedelta(hours=8)


def facts_of(admission: Admission | PrivacyAdmission) -> dict[str, Any]:
    """Return what the session keeps of a launch; it can be written as JSON."""
    if isinstance(admission, PrivacyAdmission):
        return _facts_of_privacy(admission)
    facts: dict[str, Any] = {
        "registration": admission.registration.pk,
        "platform": admission.registration.name,
        "origins": admission.origins,
        "role": "teacher" if admission.teacher else "learner",
        "activity": admission.item,
        "course": str(admission.course.uuid) if admission.course else "",
        "context": admission.context_id,
        "resource_link": admission.resource_link_id,
        "return_url": admission.return_url,
        "language": admission.language,
    }
    if admission.change_url:
        facts["change_url"] = admission.change_url
    return facts


def _facts_of_privacy(admission: PrivacyAdmission) -> dict[str, Any]:
    """Return the facts of a launch that opens one page and nothing else: no role, no course, no activity."""
    launch = admission.launch
    return {
        "registration": admission.registration.pk,
        "platform": admission.registration.name,
        "origins": admission.origins,
        "role": "none",
        "activity": "",
        "course": "",
        "context": None,
        "resource_link": None,
        "return_url": return_url_of(admission),
        "language": launch.language,
        "privacy": {
            "registration": admission.registration.pk,
            "deployment": admission.deployment.pk,
            "about": launch.about,
            "own": launch.own,
        },
    }


def begin(request: HttpRequest, user: User | None, facts: dict[str, Any]) -> None:
    """Begin the session of a launch that went through, with somebody signed in, or nobody."""
    kept = dict(facts)
    privacy = kept.pop("privacy", None)
    if user is not None:
        begin_session(request, user, kept)
    else:
        _begin_with_nobody(request, kept)
    if privacy is not None:
        request.session["privacy"] = privacy
    else:
        request.session.pop("privacy", None)


def _begin_with_nobody(request: HttpRequest, facts: dict[str, Any]) -> None:
    """Drop whatever session there is. Only in a frame it is a launch's: in a tab staff may want to sign in after it."""
    sign_out(request)
    if is_framed(request):
        request.session["launch"] = {**facts, "framed": True}


def begin_session(request: HttpRequest, user: User, facts: dict[str, Any]) -> None:
    """Sign the person in, under a new session key, and keep what the portal needs of the launch.

    Somebody else's session in this browser is dropped, never merged; so is the person's own that began with a
    password. Whoever is here by a launch already goes on with the CSRF token there is: signing in anew would change
    it under a quiz that is open in another tab.
    """
    if is_here(request, user):
        request.session.cycle_key()
        update_last_login(type(user), user)
    else:
        if SESSION_KEY in request.session:
            request.session.flush()
        sign_in(request, user, backend=BACKEND)
    request.session["launch"] = {**facts, "framed": is_framed(request)}
    request.session.set_expiry(int(SESSION_LENGTH.total_seconds()))


def is_here(request: HttpRequest, user: User) -> bool:
    """Tell whether this session is the person's, by a launch; as Django does it, but without asking for them again."""
    held = request.session
    return (
        held.get(SESSION_KEY) == str(user.pk)
        and held.get(BACKEND_SESSION_KEY) == BACKEND
        and constant_time_compare(held.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    )
