"""The platform's people, courses and links, kept as they were at the latest launch.

A person is who the platform says they are: registration and subject. An e-mail address never makes two
people one, for a platform can claim any address (ASVS 5.0, 6.8.1).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from lti_tool.lti_core.constants import AgsScope, ContextType
from lti_tool.models import (
    LtiContext,
    LtiDeployment,
    LtiMembership,
    LtiRegistration,
    LtiResourceLink,
    LtiUser,
)

from lti.flows.claims import Launch, Person, Services
from lti.flows.errors import NotAdmitted
from portal.directory.models import User

LONGEST_URL = 200  # of django-lti's own columns


def keep(record: models.Model, **values: Any) -> None:
    """Save what changed of ``values``; nothing is written when nothing did."""
    changed = [name for name, value in values.items() if getattr(record, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(record, name, values[name])
    stamps = ["datetime_modified"] if hasattr(record, "datetime_modified") else []
    record.save(update_fields=changed + stamps)


def known(*, registration: LtiRegistration, launch: Launch) -> LtiMembership | None:
    """Return the launching person in the launch's context, and what a launch looks at; None for a newcomer."""
    membership: LtiMembership | None = (
        LtiMembership.objects.filter(user__registration=registration, user__sub=launch.person.subject)
        .filter(
            context__deployment__registration=registration,
            context__deployment__deployment_id=launch.deployment_id,
            context__id_on_platform=launch.context.id,
        )
        .select_related("user__auth_user", "context__deployment", "context__roster")
        .first()
    )
    return membership


def enter(
    *,
    registration: LtiRegistration,
    deployment: LtiDeployment,
    launch: Launch,
    known: LtiMembership | None,
) -> LtiMembership:
    """Return the membership of the launching person, with user and context as the message tells them.

    Roles are those of this launch, never more (a demotion holds at once). For somebody ``known`` nothing is asked and,
    where nothing changed, nothing written. Raises NotAdmitted for a closed account.
    """
    membership = known
    if membership is None:
        person, _new = LtiUser.objects.get_or_create(registration=registration, sub=launch.person.subject)
        context, _new = LtiContext.objects.get_or_create(
            deployment=deployment, id_on_platform=launch.context.id
        )
        membership, _new = LtiMembership.objects.get_or_create(user=person, context=context)
    _keep_person(membership.user, launch)
    if not membership.user.auth_user.is_active:
        raise NotAdmitted("account_closed")
    _keep_context(membership.context, launch)
    roles = launch.membership_roles
    keep(
        membership,
        is_administrator="Administrator" in roles,
        is_content_developer="ContentDeveloper" in roles,
        is_instructor="Instructor" in roles,
        is_learner="Learner" in roles,
        is_mentor="Mentor" in roles,
        is_active=True,
    )
    return membership


def _keep_person(person: LtiUser, launch: Launch) -> None:
    """Update what the platform tells of the person, and make or update our own record of them.

    Our record follows the platform only as long as the person has not changed it here: what they wrote
    themselves (the name on their certificates) stays. An account that is joined with the person is theirs alone.
    """
    told = launch.person
    if person.auth_user is None:
        locked = LtiUser.objects.select_for_update().select_related(None).get(pk=person.pk)
        person.auth_user = locked.auth_user or new_user(told, launch.language)
        person.save(update_fields=["auth_user", "datetime_modified"])
    user: User = person.auth_user
    changes: dict[str, str] = {}
    if changes_name(told) and not user.is_local:
        before = (person.given_name[:150], person.family_name[:150])
        if (user.first_name, user.last_name) in {before, ("", "")}:
            changes = {"first_name": told.given_name, "last_name": told.family_name}
    if told.email and user.email_verified_at is None and (user.email or "") in {person.email, ""}:
        changes["email"] = told.email
    keep(user, **changes)
    named = {"given_name": told.given_name, "family_name": told.family_name} if changes_name(told) else {}
    keep(person, **named, **({"email": told.email} if told.email else {}))


def changes_name(told: Person) -> bool:
    """Tell whether the platform told a name at all; its silence does not erase the one we have."""
    return bool(told.given_name or told.family_name)


def new_user(told: Person, language: str) -> User:
    """Make a person of our own, who can come in by launches only."""
    user = User(
        first_name=told.given_name,
        last_name=told.family_name,
        email=told.email or None,
        preferred_language=language,
    )
    user.set_unusable_password()
    user.save()
    return user


def _keep_context(context: LtiContext, launch: Launch) -> None:
    told, types = launch.context, launch.context.types
    values: dict[str, Any] = {
        "is_course_template": ContextType.COURSE_TEMPLATE.value in types,
        "is_course_offering": ContextType.COURSE_OFFERING.value in types,
        "is_course_section": ContextType.COURSE_SECTION.value in types,
        "is_group": ContextType.GROUP.value in types,
        **{name: text for name, text in {"label": told.label, "title": told.title}.items() if text},
    }
    keep(context, **values, **_services(launch.services))


def _services(told: Services) -> dict[str, Any]:
    """Return the context's service columns. A link without grades says nothing of those of its context."""
    values: dict[str, Any] = {}
    if told.memberships_url and len(told.memberships_url) <= LONGEST_URL:
        values["memberships_url"] = told.memberships_url
    if told.scopes is not None:
        values |= {
            "can_query_lineitems": AgsScope.QUERY_LINEITEMS.value in told.scopes,
            "can_manage_lineitems": AgsScope.MANAGE_LINEITEMS.value in told.scopes,
            "can_publish_scores": AgsScope.PUBLISH_SCORES.value in told.scopes,
            "can_access_results": AgsScope.ACCESS_RESULTS.value in told.scopes,
        }
        if told.lineitems_url and len(told.lineitems_url) <= LONGEST_URL:
            values["lineitems_url"] = told.lineitems_url
    return values


def known_link(*, deployment: LtiDeployment, launch: Launch) -> LtiResourceLink | None:
    """Return the launch's link with what a teacher chose for it here; None for a new one, or when it came by none."""
    told = launch.resource_link
    if told is None:
        return None
    links = LtiResourceLink.objects.filter(
        context__deployment=deployment, context__id_on_platform=launch.context.id, id_on_platform=told.id
    )
    found: LtiResourceLink | None = links.select_related("placed").first()
    return found


def link(*, context: LtiContext, launch: Launch, known: LtiResourceLink | None) -> LtiResourceLink | None:
    """Return the resource link as the message tells it; None for a message that came by none."""
    told = launch.resource_link
    if told is None:
        return None
    row = known
    if row is None:
        row, _new = LtiResourceLink.objects.get_or_create(context=context, id_on_platform=told.id)
    keep(row, title=told.title or row.title, description=told.description or row.description)
    return row


def has_left(*, person_id: int, context_id: int) -> bool:
    """Tell whether the context's list no longer names somebody who came from it (``lti.flows.rosters``)."""
    return bool(
        LtiMembership.objects.filter(user_id=person_id, context_id=context_id, is_active=False).exists()
    )
