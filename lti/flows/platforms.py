"""Connecting platforms and switching them off."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.log_actions import log

from lti.flows.addresses import launch_url, origin
from lti.flows.text import is_identifier
from lti.models import PlatformSettings
from portal.conf import conf


class NotUsable(Exception):
    """A platform cannot be connected so; ``problems`` says why, by field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


class NoSuchPlatform(Exception):
    """No platform has this issuer and client id."""


@dataclass(frozen=True)
class PlatformDetails:
    """What its administrator tells us of a platform."""

    name: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    keyset_url: str
    deployment_id: str
    allow_private_network: bool = False


@transaction.atomic
def connect(*, details: PlatformDetails) -> tuple[LtiRegistration, bool]:
    """Connect a platform, or bring what we know of it up to date; tell whether it is new.

    Issuer and client id say which platform it is. A deployment is added, others stay. One that was
    switched off is on again. Raises NotUsable.
    """
    problems = _problems(details)
    if problems:
        raise NotUsable(problems)
    registration, created = LtiRegistration.objects.update_or_create(
        issuer=details.issuer,
        client_id=details.client_id,
        defaults={
            "name": details.name,
            "auth_url": details.auth_url,
            "token_url": details.token_url,
            "keyset_url": details.keyset_url,
            "is_active": True,
        },
    )
    PlatformSettings.objects.update_or_create(
        registration=registration,
        defaults={"allow_private_network": details.allow_private_network, "awaits_approval": False},
    )
    LtiDeployment.objects.update_or_create(
        registration=registration, deployment_id=details.deployment_id, defaults={"is_active": True}
    )
    log(registration, "lti.platform_connected", data={"issuer": details.issuer, "created": created})
    return registration, created


@transaction.atomic
def disable(*, issuer: str, client_id: str) -> LtiRegistration:
    """Switch a platform off: no more launches, no more scores. What it brought stays. Raises NoSuchPlatform."""
    registration: LtiRegistration | None = LtiRegistration.objects.filter(
        issuer=issuer, client_id=client_id
    ).first()
    if registration is None:
        raise NoSuchPlatform
    if registration.is_active:
        registration.is_active = False
        registration.save(update_fields=["is_active", "datetime_modified"])
        log(registration, "lti.platform_disabled", data={"issuer": issuer})
    return registration


def _problems(details: PlatformDetails) -> dict[str, str]:
    problems = {}
    for field in ("name", "issuer", "client_id", "deployment_id"):
        if not is_identifier(getattr(details, field)):
            problems[field] = "must be 1 to 255 characters without control characters"
    for field in ("issuer", "auth_url", "token_url", "keyset_url"):
        problem = _address_problem(getattr(details, field), details.allow_private_network)
        if problem:
            problems[field] = problem
    return problems


def _address_problem(url: str, allow_private: bool) -> str:
    if not origin(url) or "#" in url:
        return "must be a whole https:// address without a user name or a fragment"
    if len(url) > 200:
        return "must not be longer than 200 characters"
    if not url.startswith("https://") and not allow_private:
        return "must begin with https:// (http:// is for private networks: --allow-private-network)"
    return ""


def our_addresses() -> dict[str, str]:
    """Return what the platform's administrator must be told of us."""
    site = conf.SITE_URL.rstrip("/")
    return {
        "login_url": site + reverse("lti:login"),
        "launch_url": launch_url(),
        "keyset_url": site + reverse("lti:jwks"),
    }
