"""A platform registers itself with an invitation.

Two calls go to the platform while its administrator's browser waits, because the protocol is so: both are
bounded by ``lti.flows.http`` and PATIENCE, and no transaction is open meanwhile. What was begun is written
together at the end, or not at all. Source: 1EdTech LTI Dynamic Registration 1.0.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from lti_tool.lti_core.constants import AgsScope
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.log_actions import log
from wagtail.models import Site

from lti.flows import configurations, http, invitations
from lti.flows.addresses import launch_url, origin
from lti.flows.claims import CHOICE, RESOURCE_LINK, REVIEW
from lti.flows.configurations import (
    PATIENCE,
    Configuration,
    NotRegistered,
    PlatformNotTrusted,
    PlatformSilent,
)
from lti.flows.invitations import Claim, InvitationNotValid
from lti.flows.text import is_identifier
from lti.models import PlatformSettings
from portal.conf import conf
from portal.content.models import Branding

logger = logging.getLogger("kelrodis.lti")

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES = (
    AgsScope.MANAGE_LINEITEMS.value,
    AgsScope.ACCESS_RESULTS.value,
    AgsScope.PUBLISH_SCORES.value,
    MEMBERS,
)
CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email")
# Of every platform; a review is named to those that know of it.
MESSAGES = (RESOURCE_LINK, CHOICE, "LtiDataPrivacyLaunchRequest")
LONGEST_TOKEN = 8192


class AlreadyConnected(NotRegistered):
    """The platform answered with a client id that is connected already; that one is left as it is."""


def register(*, token: str, configuration_url: str, registration_token: str) -> LtiRegistration:
    """Register us with the platform whose description is at ``configuration_url``; return its record.

    It may launch only once it is approved, unless the invitation says otherwise. An attempt that comes to nothing
    leaves the invitation as it was, with a note why. Raises InvitationNotValid, NotRegistered.
    """
    if not configuration_url:  # somebody opened the address in a browser: that is no attempt
        raise PlatformNotTrusted("no_configuration_address")
    taken = invitations.claim(token=token)
    try:
        return _register(taken, configuration_url, registration_token)
    except InvitationNotValid:
        raise
    except NotRegistered as problem:
        invitations.release(taken=taken, problem=problem.reason)
        raise
    except Exception:
        invitations.release(taken=taken, problem="internal_error")
        raise


def _register(taken: Claim, configuration_url: str, registration_token: str) -> LtiRegistration:
    private = taken.invitation.allow_private_network
    found = configurations.fetch(url=configuration_url, private=private)
    answer = _ask(found, registration_token, private=private)
    client_id = answer.get("client_id")
    if not is_identifier(client_id):
        raise PlatformNotTrusted("client_id_not_usable")
    tool = answer.get(TOOL)
    deployment_id = tool.get("deployment_id") if isinstance(tool, dict) else None
    if deployment_id is not None and not is_identifier(deployment_id):
        raise PlatformNotTrusted("deployment_id_not_usable")
    try:
        return _keep(taken, found, str(client_id), deployment_id)
    except IntegrityError:
        raise AlreadyConnected("already_connected") from None


def _ask(found: Configuration, registration_token: str, *, private: bool) -> dict[str, Any]:
    """Send the platform what we are and return its answer."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if registration_token:
        usable = registration_token.isascii() and registration_token.isprintable()
        if not usable or len(registration_token) > LONGEST_TOKEN:
            raise PlatformNotTrusted("registration_token_not_usable")
        headers["Authorization"] = f"Bearer {registration_token}"
    try:
        answer = http.call(
            method="POST",
            url=found.registration_url,
            private=private,
            headers=headers,
            body=json.dumps(our_registration(found.scopes, found.messages)).encode(),
            total=PATIENCE,
        )
        if answer.status not in {200, 201}:
            raise PlatformSilent(f"registration: status {answer.status}")
        document = answer.json()
    except http.CallFailed as failure:
        raise PlatformSilent(f"registration: {failure.reason}") from None
    if not isinstance(document, dict):
        raise PlatformNotTrusted("answer_not_an_object")
    return document


def our_registration(
    offered: frozenset[str] | None = None, known: frozenset[str] | None = None
) -> dict[str, Any]:
    """Return what we tell a platform of ourselves, asking for no scope that it does not offer.

    ``known`` are the kinds of messages it says it sends; looking at somebody's work is named only if it is one of them.

    ``scope`` is one string (RFC 7591, 2), and the domain that of the target address with its port: Moodle takes
    nothing else.
    """
    site = conf.SITE_URL.rstrip("/")
    scopes = [scope for scope in SCOPES if offered is None or scope in offered]
    kinds = [*MESSAGES, *([REVIEW] if known and REVIEW in known else [])]
    name = our_name()
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": site + reverse("lti:login"),
        "redirect_uris": [launch_url()],
        "client_name": name,
        "client_uri": site + "/",
        "jwks_uri": site + reverse("lti:jwks"),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        TOOL: {
            "domain": urlsplit(site).netloc,
            "target_link_uri": launch_url(),
            "claims": list(CLAIMS),
            "messages": [{"type": kind, "target_link_uri": launch_url(), "label": name} for kind in kinds],
        },
    }


def our_name() -> str:
    """Return the portal's name as its administrator has set it."""
    site: Site = Site.objects.get(is_default_site=True)
    return Branding.for_site(site).portal_name(settings.LANGUAGE_CODE)


@transaction.atomic
def _keep(taken: Claim, found: Configuration, client_id: str, deployment_id: str | None) -> LtiRegistration:
    """Write the platform down and use the invitation up. Raises IntegrityError, InvitationNotValid."""
    invitation = taken.invitation
    invitations.settle(taken=taken)
    registration: LtiRegistration = LtiRegistration.objects.create(
        name=invitation.name,
        issuer=found.issuer,
        client_id=client_id,
        audience=found.audience,
        auth_url=found.auth_url,
        token_url=found.token_url,
        keyset_url=found.keyset_url,
        is_active=invitation.approves_itself,
    )
    PlatformSettings.objects.create(
        registration=registration,
        allow_private_network=invitation.allow_private_network,
        awaits_approval=not invitation.approves_itself,
    )
    if deployment_id is not None:
        LtiDeployment.objects.create(registration=registration, deployment_id=deployment_id, is_active=True)
    type(invitation).objects.filter(pk=invitation.pk).update(registration=registration)
    log(registration, "lti.platform_registered", data={"issuer": found.issuer})
    logger.info("platform registered itself: registration %s, %s", registration.pk, origin(found.issuer))
    return registration
