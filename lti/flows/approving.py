"""What the administrator decides about platforms: approve, switch off and on, change, recognise deployments."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from lti_tool.models import LtiDeployment, LtiRegistration
from wagtail.log_actions import log

from lti.flows.text import cleaned
from lti.models import PlatformSettings


@transaction.atomic
def approve(*, registration: LtiRegistration, by: Any) -> None:
    """Let the platform launch: one that registered itself, or one that was switched off. Twice changes nothing."""
    row = LtiRegistration.objects.select_for_update().get(pk=registration.pk)
    if row.is_active:
        return
    _set_active(row, True)
    PlatformSettings.objects.filter(registration=row).update(awaits_approval=False)
    log(row, "lti.platform_approved", user=by, data={"issuer": row.issuer})


@transaction.atomic
def switch_off(*, registration: LtiRegistration, by: Any) -> None:
    """Take no more launches from the platform and send it no more scores. What was learned stays."""
    row = LtiRegistration.objects.select_for_update().get(pk=registration.pk)
    if row.is_active:
        _set_active(row, False)
        log(row, "lti.platform_disabled", user=by, data={"issuer": row.issuer})


def _set_active(row: LtiRegistration, active: bool) -> None:
    row.is_active = active
    row.save(update_fields=["is_active", "datetime_modified"])


@transaction.atomic
def change(
    *,
    registration: LtiRegistration,
    name: str,
    allow_private_network: bool,
    keep_months: int | None = None,
    by: Any,
) -> None:
    """Call the platform otherwise here; allow or forbid it to be on a private network; set how long its people stay.

    ``keep_months`` is how long whoever came by it alone is kept after they last came; None: no term of its own.
    """
    before, registration.name = registration.name, cleaned(name, 255)
    if registration.name and registration.name != before:
        registration.save(update_fields=["name", "datetime_modified"])
        log(registration, "lti.platform_renamed", user=by, data={"from": before, "to": registration.name})
    own, _new = PlatformSettings.objects.get_or_create(registration=registration)
    if own.allow_private_network != allow_private_network:
        own.allow_private_network = allow_private_network
        own.save(update_fields=["allow_private_network"])
        log(registration, "lti.private_network", user=by, data={"allowed": allow_private_network})
    if own.keep_months != keep_months:
        told = {"from": own.keep_months, "to": keep_months}
        own.keep_months = keep_months
        own.save(update_fields=["keep_months"])
        log(registration, "lti.platform_retention", user=by, data=told)


@transaction.atomic
def recognise(*, deployment: LtiDeployment, by: Any) -> None:
    """Let people come from a deployment that launched without being known."""
    if LtiDeployment.objects.filter(pk=deployment.pk, is_active=False).update(is_active=True):
        told = {"deployment": deployment.deployment_id}
        log(deployment.registration, "lti.deployment_recognised", user=by, data=told)


@transaction.atomic
def refuse(*, deployment: LtiDeployment, by: Any) -> None:
    """Let nobody come from a deployment any more. One that never brought anybody is forgotten."""
    row = LtiDeployment.objects.select_for_update().get(pk=deployment.pk)
    if row.contexts.exists():
        row.is_active = False
        row.save(update_fields=["is_active", "datetime_modified"])
    else:
        row.delete()
    told = {"deployment": deployment.deployment_id}
    log(deployment.registration, "lti.deployment_refused", user=by, data=told)
