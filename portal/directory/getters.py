"""Getting people, affiliations and roles with permission: what is not within one's scope is not found."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from portal.directory.models import Affiliation, Invitation, Library, RoleAssignment, User
from portal.directory.scope import Scope, scope_of


def scope_here(request: HttpRequest) -> Scope:
    """Return the scope of somebody who looks after people. Raises Http404 for everybody else."""
    scope = scope_of(request.user)
    if not scope:
        raise Http404
    return scope


def deciding_scope(request: HttpRequest) -> Scope:
    """Return the scope of somebody who confirms and invites people. Raises Http404 for everybody else."""
    scope = scope_of(request.user)
    if not scope.decides:
        raise Http404
    return scope


def granting_scope(request: HttpRequest) -> Scope:
    """Return the scope of somebody who grants roles at places. Raises Http404 for everybody else."""
    scope = scope_of(request.user)
    if not (scope.everything or scope.territories):
        raise Http404
    return scope


def person_here(request: HttpRequest, uuid: UUID) -> User:
    """Return somebody the visitor looks after. Raises Http404."""
    return get_object_or_404(User.objects.looked_after_by(request.user), uuid=uuid)


def waiting_here(request: HttpRequest, uuid: UUID) -> Affiliation:
    """Return an affiliation that is the visitor's to decide. Raises Http404."""
    waiting = Affiliation.objects.decided_by(request.user).select_related("user", "library", "branch")
    return get_object_or_404(waiting, uuid=uuid)


def work_here(request: HttpRequest, uuid: UUID) -> Affiliation:
    """Return somebody else's confirmed affiliation that the visitor may end. Raises Http404."""
    libraries = Library.objects.decided_by(request.user)
    works = Affiliation.objects.current().filter(confirmed=True, library__in=libraries, user__is_active=True)
    works = works.filter(~Q(user=request.user)).select_related("user", "library", "branch")
    return get_object_or_404(works, uuid=uuid)


def invitation_here(request: HttpRequest, uuid: UUID) -> Invitation:
    """Return an invitation to a library whose people the visitor invites. Raises Http404."""
    return get_object_or_404(Invitation.objects.decided_by(request.user), uuid=uuid)


def role_here(request: HttpRequest, uuid: UUID) -> RoleAssignment:
    """Return somebody else's role that the visitor may end. Raises Http404."""
    roles = RoleAssignment.objects.ended_by(request.user)
    return get_object_or_404(roles.select_related("user", "library", "territory"), uuid=uuid)


def own_affiliation(request: HttpRequest, uuid: UUID) -> Affiliation:
    """Return an affiliation of one's own that holds or waits. Raises Http404."""
    own = Affiliation.objects.of(request.user).open()
    return get_object_or_404(own.select_related("user", "library", "branch"), uuid=uuid)
