"""A verified message read into a Launch: everything it says, checked for its type, and nothing else.

Required claims are refused when they are missing or of the wrong type; optional ones count as absent
then. Source: LTI Core 1.3, 5.3 and 5.4, appendix A.2 (roles); AGS 2.0, 4; NRPS 2.0, 3.6; Submission Review 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lti.flows.addresses import is_ours, origin
from lti.flows.errors import LinksNotTaken, NobodyNamed, NotSupported, NotTrusted
from lti.flows.text import cleaned, is_identifier, person_names

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NAMES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
TEACHING = {"Instructor", "ContentDeveloper", "Administrator"}
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
RESOURCE_LINK, CHOICE = "LtiResourceLinkRequest", "LtiDeepLinkingRequest"
REVIEW = "LtiSubmissionReviewRequest"
KNOWN_MESSAGES = {"LtiStartProctoring", "LtiEndAssessment"}
LONGEST_DATA = 16 * 1024  # characters of what a platform wants back as it was
LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,4}(?:\.[A-Za-z0-9-]+)?")

Claims = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Who comes: ``subject`` is the platform's id; the rest may be empty. The e-mail is unverified."""

    subject: str
    given_name: str
    family_name: str
    email: str


@dataclass(frozen=True)
class Context:
    """Where they come from, mostly a course of the platform; ``id`` "" where it did not say."""

    id: str
    label: str
    title: str
    types: frozenset[str]


@dataclass(frozen=True)
class ResourceLink:
    """The link they followed. The description is plain text from outside."""

    id: str
    title: str
    description: str


@dataclass(frozen=True)
class Services:
    """What the platform offers to this link; None where it says nothing of grades."""

    memberships_url: str
    lineitems_url: str
    lineitem_url: str
    scopes: frozenset[str] | None


@dataclass(frozen=True)
class Choice:
    """What the platform asks to choose, and how it takes the answer (LTI Deep Linking 2.0, 3.4.1).

    ``data`` goes back as it came; None: there was none.
    """

    return_url: str
    data: str | None
    takes_several: bool
    takes_grades: bool


@dataclass(frozen=True)
class Launch:
    """One launch, checked: by a resource link, or with a ``choice`` to make for the platform's course.

    ``activity`` is what the link says it opens, "" where it says nothing. ``reviewed`` is the platform's id of
    the person whose work is to be looked at, "" in every other launch.
    """

    deployment_id: str
    target_link_uri: str
    person: Person
    roles: frozenset[str]
    context: Context
    resource_link: ResourceLink | None
    choice: Choice | None
    services: Services
    language: str
    return_url: str
    activity: str
    reviewed: str = ""

    @property
    def teacher(self) -> bool:
        """Whether the person teaches in this very context; roles in the system or institution say nothing."""
        return bool(TEACHING & self.membership_roles)

    @property
    def membership_roles(self) -> frozenset[str]:
        """The context roles by their short names, a sub-role as its principal role (LTI 1.3, A.2.3)."""
        return context_roles(self.roles)


def context_roles(roles: Iterable[str]) -> frozenset[str]:
    """Return the short names of those of ``roles`` that are held in a context, by their full addresses alone."""
    names = set()
    for role in roles:
        if role.startswith(f"{MEMBERSHIP}#"):
            names.add(role.partition("#")[2])
        elif role.startswith(f"{MEMBERSHIP}/"):
            names.add(role.removeprefix(f"{MEMBERSHIP}/").partition("#")[0])
    return frozenset(names)


@dataclass(frozen=True)
class Common:
    """What every kind of message says; ``return_url`` may be empty."""

    deployment_id: str
    target_link_uri: str
    roles: frozenset[str]
    return_url: str


def common(claims: Claims) -> Common:
    """Return what every kind of message must say. Raises NotTrusted."""
    if claims.get(LTI + "version") != "1.3.0":
        raise NotTrusted("version_not_1_3_0")
    deployment_id = claims.get(LTI + "deployment_id")
    if not is_identifier(deployment_id):
        raise NotTrusted("deployment_id_missing")
    target = claims.get(LTI + "target_link_uri")
    if not isinstance(target, str) or not is_ours(target):
        raise NotTrusted("target_link_uri_not_ours")
    presentation = _optional(claims, LTI + "launch_presentation")
    return Common(
        deployment_id=str(deployment_id),
        target_link_uri=target,
        roles=_roles(claims.get(LTI + "roles")),
        return_url=_address(presentation.get("return_url")),
    )


def parse(claims: Claims) -> Launch:
    """Return what the message says. Raises NotTrusted, NotSupported, LinksNotTaken, NobodyNamed."""
    told = common(claims)
    kind = _message_type(claims.get(LTI + "message_type"))
    return Launch(
        deployment_id=told.deployment_id,
        target_link_uri=told.target_link_uri,
        person=_person(claims),
        roles=told.roles,
        context=_context(_optional(claims, LTI + "context")),
        resource_link=_link_of(kind, claims.get(LTI + "resource_link")),
        choice=_choice(claims.get(DEEP_LINKING)) if kind == CHOICE else None,
        services=_services(claims),
        language=language_of(claims),
        return_url=told.return_url,
        activity=_named(told.target_link_uri, _custom(_optional(claims, LTI + "custom"), "activity")),
        reviewed=_reviewed(claims.get(LTI + "for_user")) if kind == REVIEW else "",
    )


def language_of(claims: Claims) -> str:
    """Return "lt" or "en" by the platform's locale (RFC 5646); Lithuanian where it is no locale."""
    locale = _optional(claims, LTI + "launch_presentation").get("locale")
    match = LOCALE.fullmatch(locale) if isinstance(locale, str) and len(locale) <= 40 else None
    return "en" if match and match.group(1).lower() not in {"lt", "lit"} else "lt"


def _message_type(given: Any) -> str:
    if given in (RESOURCE_LINK, CHOICE, REVIEW):
        return str(given)
    if isinstance(given, str) and given in KNOWN_MESSAGES:
        raise NotSupported("message_type_not_supported")
    raise NotTrusted("message_type_unknown")


def _choice(value: Any) -> Choice:
    """Return the settings of deep linking; only links to activities are what we have to give."""
    if not isinstance(value, dict):
        raise NotTrusted("deep_linking_settings_missing")
    return_url = _address(value.get("deep_link_return_url"))
    if not return_url:
        raise NotTrusted("deep_link_return_url_missing")
    data = value.get("data")
    if data is not None and (not isinstance(data, str) or len(data) > LONGEST_DATA):
        raise NotTrusted("deep_linking_data_not_usable")
    types = value.get("accept_types")
    if not isinstance(types, list) or "ltiResourceLink" not in types:
        raise LinksNotTaken("resource_links_not_accepted")
    return Choice(
        return_url=return_url,
        data=data,
        takes_several=_true(value.get("accept_multiple")),
        takes_grades=_true(value.get("accept_lineitem", True)),
    )


def _true(value: Any) -> bool:
    """Return whether a switch is on; some platforms write it as text (Moodle did)."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _named(target: str, custom: str) -> str:
    """Return the item the link names: in its custom parameter, in its address, or in both alike."""
    given = parse_qs(urlsplit(target).query).get("activity", [])
    in_address = cleaned(given[0], 100) if len(given) == 1 else ""
    if len(given) > 1 or (custom and in_address and custom.lower() != in_address.lower()):
        raise NotTrusted("activity_not_of_the_address")
    return (custom or in_address).lower()


def _optional(claims: Claims, name: str) -> Claims:
    value = claims.get(name)
    return value if isinstance(value, dict) else {}


def _person(claims: Claims) -> Person:
    subject = claims.get("sub")
    if subject is None or subject == "":
        raise NobodyNamed("sub_missing")
    if not is_identifier(subject):
        raise NotTrusted("sub_not_an_identifier")
    given, family = person_names(claims)
    return Person(subject, given, family, _email(claims.get("email")))


def _email(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 254:
        return ""
    try:
        validate_email(value)
    except ValidationError:
        return ""
    return value


def _roles(value: Any) -> frozenset[str]:
    """Required, may be empty (LTI 1.3, 5.3.7: an anonymous or roleless person sends an empty list)."""
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise NotTrusted("roles_not_a_list_of_text")
    return frozenset(value)


def _context(value: Claims) -> Context:
    identifier = value.get("id")
    types = value.get("type")
    return Context(
        id=str(identifier) if is_identifier(identifier) else "",
        label=cleaned(value.get("label"), 255),
        title=cleaned(value.get("title"), 500),
        types=frozenset(one for one in types if isinstance(one, str))
        if isinstance(types, list)
        else frozenset(),
    )


def _link_of(kind: str, value: Any) -> ResourceLink | None:
    """Return the link of a message; a choice has none, and a review only where the column hangs on a link."""
    if kind == CHOICE or (kind == REVIEW and value is None):
        return None
    return _resource_link(value)


def _reviewed(value: Any) -> str:
    """Return whose work is to be looked at, by the platform's id. Only the id is believed, no name or address."""
    identifier = value.get("user_id") if isinstance(value, dict) else None
    if not is_identifier(identifier):
        raise NotTrusted("for_user_missing")
    return str(identifier)


def _resource_link(value: Any) -> ResourceLink:
    identifier = value.get("id") if isinstance(value, dict) else None
    if not is_identifier(identifier):
        raise NotTrusted("resource_link_missing")
    return ResourceLink(
        str(identifier), cleaned(value.get("title"), 500), cleaned(value.get("description"), 2000)
    )


def _services(claims: Claims) -> Services:
    grades, names = _optional(claims, GRADES), _optional(claims, NAMES)
    scopes = grades.get("scope")
    offered = (
        frozenset(one for one in scopes if isinstance(one, str)) if isinstance(scopes, list) else frozenset()
    )
    return Services(
        memberships_url=_address(names.get("context_memberships_url")),
        lineitems_url=_address(grades.get("lineitems")),
        lineitem_url=_address(grades.get("lineitem")),
        scopes=offered if grades else None,
    )


def _address(value: Any) -> str:
    """Return an http(s) address, or "" for whatever else (``javascript:``, a relative one, not text)."""
    return value if isinstance(value, str) and origin(value) else ""


def _custom(value: Claims, name: str) -> str:
    """Return a custom parameter; one the platform did not fill in (a literal "$…") counts as absent."""
    text = cleaned(value.get(name), 100)
    return "" if text.startswith("$") else text
