"""What is asked about platforms."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from lti_tool.models import LtiDeployment, LtiRegistration

from lti.flows.addresses import framing_origins


@dataclass(frozen=True)
class PlatformRow:
    """A connected platform, as lists show it."""

    name: str
    issuer: str
    client_id: str
    active: bool
    allow_private_network: bool
    auth_url: str
    token_url: str
    keyset_url: str
    deployments: list[str]
    waiting_deployments: list[str]


def platforms() -> list[PlatformRow]:
    """Return all platforms by name, in two queries."""
    found = LtiRegistration.objects.select_related("settings").prefetch_related("deployments")
    return [platform_row(registration) for registration in found.order_by("name", "pk")]


def platform_row(registration: LtiRegistration) -> PlatformRow:
    """Return one platform as lists show it."""
    own = getattr(registration, "settings", None)
    deployments = sorted(registration.deployments.all(), key=lambda one: one.pk)
    return PlatformRow(
        name=registration.name,
        issuer=registration.issuer,
        client_id=registration.client_id,
        active=registration.is_active,
        allow_private_network=bool(own and own.allow_private_network),
        auth_url=registration.auth_url,
        token_url=registration.token_url,
        keyset_url=registration.keyset_url,
        deployments=[one.deployment_id for one in deployments if one.is_active],
        waiting_deployments=[one.deployment_id for one in deployments if not one.is_active],
    )


def waiting() -> list[LtiRegistration]:
    """Return platforms to be approved, and active ones with a deployment to be recognised, by name."""
    unknown = LtiDeployment.objects.filter(registration=OuterRef("pk"), is_active=False)
    wanted = Q(settings__awaits_approval=True, is_active=False) | Q(Exists(unknown), is_active=True)
    return list(LtiRegistration.objects.filter(wanted).order_by("name", "pk"))


def framing_origins_of_all() -> list[str]:
    """Return the origins of all connected platforms, for a page in a frame of one we can no longer tell."""
    registrations = LtiRegistration.objects.active()
    return sorted({origin for registration in registrations for origin in framing_origins(registration)})
