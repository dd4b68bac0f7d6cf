"""People, the places they belong to, and the dated roles they hold there."""

from portal.directory.models.invitations import Invitation
from portal.directory.models.people import Affiliation, User
from portal.directory.models.places import Branch, Library, Municipality, Territory
from portal.directory.models.roles import Role, RoleAssignment

__all__ = [
    "Affiliation",
    "Branch",
    "Invitation",
    "Library",
    "Municipality",
    "Role",
    "RoleAssignment",
    "Territory",
    "User",
]
