"""Names and Role Provisioning: the roster of a course."""

from __future__ import annotations

import json

from flask import Blueprint, Response, request

from .calls import ServiceError, service
from .claims import LTI, LTI_BO
from .core import MEMBERS_READ, Platform, current
from .people import MEMBERSHIP, ROSTER_ROLES, members
from .store import Row
from .tokens import require

blueprint = Blueprint("nrps", __name__, url_prefix="/services")
MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def _member(platform: Platform, person: Row) -> Row:
    """A member; Moodle says short role names, and "Learner" for a non-editing teacher."""
    role = ROSTER_ROLES[person["role"]]
    member: Row = {"status": "Active", "roles": [role if platform.moodle else MEMBERSHIP + role]}
    member["user_id"] = str(person["id"])
    if not person["anonymous"]:
        member["lis_person_sourcedid"] = person["sourcedid"]
        if platform.shares("name"):
            member["name"] = f"{person['given']} {person['family']}".strip()
            member["given_name"], member["family_name"] = person["given"], person["family"]
        if platform.shares("email"):
            member["email"] = person["email"]
        member["ext_user_username"] = person["username"]
    return member


def _message(platform: Platform, person: Row, link: str) -> Row:
    sourced = json.dumps({"data": {"instanceid": link, "userid": str(person["id"])}})
    outcome = {"lis_result_sourcedid": sourced}
    outcome["lis_outcome_service_url"] = f"{platform.config.issuer}/services/outcome"
    return {LTI + "message_type": "LtiResourceLinkRequest", LTI_BO + "basicoutcome": outcome}


@blueprint.get("/CourseSection/<int:course>/bindings/1/memberships")
@service("members")
def roster(course: int) -> Response:
    """The members, all at once or by limit and from; the next link drops `role`, as Moodle's does."""
    platform = current()
    accept = request.headers.get("Accept", "")
    if platform.moodle and accept and "*/*" not in accept and accept != MEDIA:
        raise ServiceError(400, "Bad Request")
    require(MEMBERS_READ)
    row = platform.course(course)
    if row is None:
        raise ServiceError(404, f"Not Found: Course {course} doesn't exist")
    role = request.args.get("role", "").removeprefix(MEMBERSHIP)
    found = members(platform, course)
    if role in ("Learner", "Instructor"):
        found = [person for person in found if ROSTER_ROLES[person["role"]] == role]
    limit, start = request.args.get("limit", 0, type=int), request.args.get("from", 0, type=int)
    page = found[start : start + limit] if limit else found
    listed = [_member(platform, person) for person in page]
    link = request.args.get("rlid")
    if link:
        for member, person in zip(listed, page, strict=True):
            member["message"] = [_message(platform, person, link)]
    context = {"id": str(course), "label": row["shortname"], "title": row["title"]}
    data = {"id": request.base_url, "context": context, "members": listed}
    response = Response(json.dumps(data), content_type=f"{MEDIA}; charset=utf-8")
    if limit and start + limit < len(found):
        following = f"{request.base_url}?limit={limit}&from={start + limit}"
        following += f"&rlid={link}" if link else ""
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response
