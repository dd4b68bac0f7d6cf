"""What a launch says beyond lti1p3platform's own claims, in Moodle's manner (anchors, lti.md §2)."""

from __future__ import annotations

import re
from typing import Any

from .core import LINEITEM, LINEITEM_READ, RESULT_READ, SCORE, Platform
from .people import LAUNCH_ROLES, lineitem_of
from .store import Row

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LTI_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LTI_BO = "https://purl.imsglobal.org/spec/lti-bo/claim/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MESSAGE_TYPE = LTI + "message_type"
PRIVACY = "LtiDataPrivacyLaunchRequest"
VERSION = "4.5.6"

LTI_NAMES = (
    "message_type",
    "version",
    "deployment_id",
    "target_link_uri",
    "roles",
    "context",
    "resource_link",
    "lis",
    "custom",
    "launch_presentation",
    "tool_platform",
    "ext",
    "for_user",
    "role_scope_mentor",
)
SHORT_NAMES = {
    **{name: LTI + name for name in LTI_NAMES},
    "ags": AGS_CLAIM,
    "nrps": NRPS_CLAIM,
    "basicoutcome": LTI_BO + "basicoutcome",
    "deep_linking_settings": LTI_DL + "deep_linking_settings",
    "dl": LTI_DL + "deep_linking_settings",
}


def full_name(claim: str) -> str:
    """The full claim name behind a short one of the control API."""
    return SHORT_NAMES.get(claim, claim)


def return_url(platform: Platform, course: int, person: int) -> str:
    """Where the tool may send the person back; it carries the session key, so it must not leak."""
    return f"{platform.config.issuer}/course/{course}/return?sesskey={platform.sesskey}&person={person}"


def deep_link_return_url(platform: Platform, course: int, person: int) -> str:
    """Where deep-linking responses go."""
    back = f"{platform.config.issuer}/deep_link_return?course={course}"
    return f"{back}&sesskey={platform.sesskey}&person={person}"


def _variables(platform: Platform, person: Row, course: Row, activity: Row | None) -> dict[str, str]:
    """Moodle's substitution variables; what it does not know arrives as the literal `$…`."""
    shown = {} if person["anonymous"] else person
    names = [shown.get("given", ""), shown.get("family", "")]
    item = lineitem_of(platform, activity["id"]) if activity else None
    values = {
        "User.id": str(person["id"]),
        "User.username": person["username"],
        "Person.name.given": names[0],
        "Person.name.family": names[1],
        "Person.name.full": " ".join(names).strip(),
        "Person.email.primary": shown.get("email", ""),
        "Person.sourcedId": shown.get("sourcedid", ""),
        "Person.address.timezone": "99",
        "Context.id": str(course["id"]),
        "Context.title": course["title"],
        "Context.label": course["shortname"],
        "Context.sourcedId": course["idnumber"],
        "Context.id.history": "",
        "CourseSection.timeFrame.begin": "",
        "CourseSection.timeFrame.end": "",
        "Membership.role": ",".join(LAUNCH_ROLES[person["role"]]),
        "Moodle.Person.userGroupIds": "",
        "LineItems.url": platform.lineitems_url(course["id"]),
        "LineItem.url": platform.lineitem_url(item) if item else "",
        "ToolProxyBinding.memberships.url": platform.memberships_url(course["id"]),
    }
    if activity:
        values["ResourceLink.id"] = str(activity["id"])
        values["ResourceLink.title"] = activity["title"]
        values["ResourceLink.description"] = activity["description"]
    return values


def custom_claim(platform: Platform, person: Row, course: Row, activity: Row | None) -> dict[str, str]:
    """The custom parameters with variables filled in."""
    variables = _variables(platform, person, course, activity)
    found: dict[str, str] = {}
    for line in (activity["custom"] if activity else "").splitlines():
        name, equals, value = line.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name:
            continue
        if value.startswith("$"):
            value = variables.get(value[1:], value)
        found[name] = value
        if platform.moodle and name != name.lower():
            found[re.sub(r"[^a-z0-9]", "_", name.lower())] = value
    if platform.moodle:
        root = f"{platform.config.issuer}/services/tool/1"
        found["context_memberships_url"] = variables["ToolProxyBinding.memberships.url"]
        found["lineitems_url"] = variables["LineItems.url"]
        found["system_setting_url"] = f"{root}/custom"
        found["link_setting_url"] = root + "/bindings/{link_id}/custom"
    return found


def ags_claim(platform: Platform, course: Row, activity: Row | None) -> dict[str, Any] | None:
    """The grade service, with the single line item of the activity when there is exactly one."""
    allowed = [s for s in (LINEITEM, LINEITEM_READ, RESULT_READ, SCORE) if s in platform.scopes]
    if not allowed:
        return None
    claim: dict[str, Any] = {"scope": allowed, "lineitems": platform.lineitems_url(course["id"])}
    item = lineitem_of(platform, activity["id"]) if activity else None
    if item:
        claim["lineitem"] = platform.lineitem_url(item)
    return claim


def _person_claims(platform: Platform, person: Row) -> dict[str, Any]:
    if person["anonymous"] or not platform.shares("name"):
        return {}
    return {"given_name": person["given"], "family_name": person["family"]}


def _moodle_claims(platform: Platform, person: Row, course: Row, activity: Row | None) -> dict[str, Any]:
    claims: dict[str, Any] = {
        LTI + "ext": {"lms": "moodle-2"},
        LTI + "lis": {"course_section_sourcedid": course["idnumber"]},
    }
    if not person["anonymous"]:
        claims[LTI + "ext"]["user_username"] = person["username"]
        claims[LTI + "lis"]["person_sourcedid"] = person["sourcedid"]
    if activity and activity["graded"]:
        sourced = f'{{"data":{{"instanceid":"{activity["id"]}","userid":"{person["id"]}"}}}}'
        claims[LTI_BO + "basicoutcome"] = {
            "lis_result_sourcedid": sourced,
            "lis_outcome_service_url": f"{platform.config.issuer}/services/outcome",
        }
    return claims


def privacy_claims(platform: Platform, person: Row, launch: Row) -> dict[str, Any]:
    """The claims of a data-privacy launch: whom it is about, and neither course nor activity."""
    return {
        MESSAGE_TYPE: PRIVACY,
        LTI + "for_user": {"user_id": str(launch["about"])},
        LTI + "launch_presentation": {"locale": person["locale"], "document_target": launch["target"]},
        LTI + "tool_platform": {
            "guid": platform.config.issuer.removeprefix("http://"),
            "name": "Trial platform",
        },
        **_person_claims(platform, person),
    }


def extra_claims(platform: Platform, person: Row, course: Row, launch: Row) -> dict[str, Any]:
    """Claims that lti1p3platform has no setter for, or sets otherwise than Moodle does."""
    activity = platform.activity(launch["activity"]) if launch["activity"] else None
    claims: dict[str, Any] = {
        LTI + "launch_presentation": {
            "locale": person["locale"],
            "document_target": launch["target"],
            "return_url": return_url(platform, course["id"], person["id"]),
        },
        LTI + "tool_platform": {
            "guid": platform.config.issuer.removeprefix("http://"),
            "name": "Trial platform",
            "description": "Trial LTI platform",
            "product_family_code": "moodle" if platform.moodle else "trial",
            "version": VERSION if platform.moodle else "1",
        },
        **_person_claims(platform, person),
        **_moodle_claims(platform, person, course, activity),
    }
    return claims
