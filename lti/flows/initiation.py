"""The first step of a launch: the platform sends a person to us, we send them back to sign in there.

Source: 1EdTech Security Framework 1.0, 5.1.1.1; OpenID Connect Core 1.0, 3.1.2.1 and 4; 1EdTech LTI OIDC Login with
LTI Client Side postMessages 0.1.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.utils.timezone import now
from lti_tool.models import LtiRegistration

from lti.flows.addresses import is_ours, launch_url, origin
from lti.flows.errors import NotConnected, NotReadable
from lti.flows.text import is_identifier
from lti.models import LaunchState

LONGEST_HINT = 8192
SWEPT_AFTER = timedelta(hours=1)
FRAME_NAME = re.compile(r"_parent|[^_\W][\w.:-]{0,254}")  # what else begins with "_" is no frame beside us


@dataclass(frozen=True)
class Initiation:
    """What the platform sent us. ``storage_target``: the frame that keeps values for us, if the platform has one."""

    issuer: str
    client_id: str
    target_link_uri: str
    login_hint: str
    message_hint: str | None
    storage_target: str = ""


@dataclass(frozen=True)
class Begun:
    """A launch under way: where the person goes, and the secret their browser keeps meanwhile."""

    url: str
    state: str
    binding: str


def platform_of(*, initiation: Initiation) -> LtiRegistration:
    """Return the active registration the platform means. Raises NotReadable, NotConnected.

    Without a client_id (optional, Security Framework 5.1.1.1) it must be the issuer's only one.
    """
    if not is_identifier(initiation.issuer) or (
        initiation.client_id and not is_identifier(initiation.client_id)
    ):
        raise NotReadable("issuer_missing")
    found = LtiRegistration.objects.active().filter(issuer=initiation.issuer)
    if initiation.client_id:
        found = found.filter(client_id=initiation.client_id)
    candidates = list(found[:2])
    if len(candidates) != 1:
        raise NotConnected("platform_unknown")
    registration: LtiRegistration = candidates[0]
    return registration


def check(*, initiation: Initiation) -> None:
    """Refuse what cannot become a launch. Raises NotReadable."""
    if (
        not 0 < len(initiation.login_hint) <= LONGEST_HINT
        or len(initiation.message_hint or "") > LONGEST_HINT
    ):
        raise NotReadable("login_hint_missing")
    if not is_ours(initiation.target_link_uri):
        raise NotReadable("target_link_uri_not_ours")


def has_storage(*, registration: LtiRegistration, initiation: Initiation) -> bool:
    """Tell whether the platform offers to keep a value in a frame that has a name and an origin we can rely on."""
    named = FRAME_NAME.fullmatch(initiation.storage_target)
    return bool(named and origin(registration.auth_url))


def begin(*, registration: LtiRegistration, initiation: Initiation, in_storage: bool = False) -> Begun:
    """Keep a state and return where to send the person. One write.

    ``in_storage``: the platform keeps the secret for us, not a cookie.
    """
    binding = secrets.token_urlsafe(32)
    row = LaunchState.objects.create(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        registration=registration,
        target_link_uri=initiation.target_link_uri,
        binding_sha256=fingerprint(binding),
        storage_target=initiation.storage_target if in_storage else "",
    )
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": registration.client_id,
        "redirect_uri": launch_url(),
        "state": row.state,
        "nonce": row.nonce,
        "login_hint": initiation.login_hint,
    }
    if initiation.message_hint is not None:
        parameters["lti_message_hint"] = initiation.message_hint
    mark = "&" if "?" in registration.auth_url else "?"
    return Begun(f"{registration.auth_url}{mark}{urlencode(parameters)}", row.state, binding)


def fingerprint(binding: str) -> str:
    """Return what is kept of a browser's secret: its SHA-256."""
    return hashlib.sha256(binding.encode()).hexdigest()


def sweep() -> int:
    """Delete launches that expired an hour ago or more; return how many. An unknown state is refused too."""
    return LaunchState.objects.filter(expires_at__lt=now() - SWEPT_AFTER).delete()[0]
