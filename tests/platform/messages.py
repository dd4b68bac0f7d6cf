"""Launches: lti1p3platform makes and signs the messages, this module tells it what to say.

The subclasses fill the library's hooks; the places where Moodle differs from the library are marked.
"""

from __future__ import annotations

import json
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request

from . import reviewing
from .claims import (
    AGS_CLAIM,
    LTI,
    PRIVACY,
    ags_claim,
    custom_claim,
    deep_link_return_url,
    extra_claims,
    privacy_claims,
)
from .core import MEMBERS_READ, Platform
from .people import LAUNCH_ROLES, MEMBERSHIP
from .storage import setting_of
from .store import Row

RESOURCE = "LtiResourceLinkRequest"
DEEP_LINKING = "LtiDeepLinkingRequest"


class TrialRegistration(Registration):
    """The tool's registration, signing with a loaded key (the library parses its PEM at every launch)."""

    platform: Platform

    def get_kid(self) -> str:
        """The kid of the signing key."""
        return self.platform.keys.kid

    def get_jwks(self) -> list[dict[str, Any]]:
        """All published keys; the library knows only one."""
        return self.platform.keys.public_jwks()

    def platform_encode_and_sign(self, payload: dict[str, Any], expiration: int | None = None) -> str:
        """Sign a message."""
        key: Any = self.platform.keys.signing_key
        headers = {"kid": self.get_kid()}
        return str(Registration.encode_and_sign(payload, key, headers, expiration=expiration))


class TrialConf(LTI1P3PlatformConfAbstract):
    """The library's view of this platform and its one tool."""

    platform: Platform

    def init_platform_config(self, **kwargs: Any) -> None:
        """Keep the platform."""
        self.platform = kwargs["platform"]

    def get_registration_by_params(self, **kwargs: Any) -> TrialRegistration:
        """The one registered tool."""
        config = self.platform.config
        registration = TrialRegistration()
        registration.platform = self.platform
        registration.set_iss(config.issuer).set_client_id(config.client_id)
        registration.set_deployment_id(config.deployment_id).set_oidc_login_url(config.tool_login_url)
        registration.set_launch_url(config.tool_launch_url).set_deeplink_launch_url(config.tool_launch_url)
        registration.set_tool_key_set_url(config.tool_keyset_url)
        return registration

    def fetch_public_key(self, key_set_url: str) -> Any:
        """The tool's keys from our cache (the library would ask anew for every object)."""
        return {"keys": [{"alg": "RS256", **key} for key in self.platform.tool_keys.known().values()]}


class TrialRequest(Request):
    """The authentication request's fields, whether they came by GET or by POST."""

    def build_metadata(self, request: Any) -> Any:
        """Wrap a plain dictionary."""
        return {"method": "GET", "get_data": dict(request), "form_data": {}, "headers": {}, "path": "/auth"}


class TrialLaunch(LTIAdvantageMessageLaunchAbstract):
    """One message to the tool."""

    def __init__(self, platform: Platform, launch: Row, fields: dict[str, str]) -> None:
        super().__init__(TrialRequest(fields), TrialConf(platform=platform))
        self.platform = platform
        self.launch = launch

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        """Fill the claims for the person and activity of the launch."""
        platform, launch = self.platform, self.launch
        person = platform.person(launch["person"])
        course = platform.course(launch["course"])
        private = launch["message"] == PRIVACY
        if person is None or (course is None and not private):
            raise LookupError("the person or the course of this launch is gone")
        named = not person["anonymous"] and platform.shares("name")
        mailed = not person["anonymous"] and platform.shares("email")
        self.set_id_token_expiration(platform.lifetime)
        roles = [
            role for role in LAUNCH_ROLES[person["role"]] if not (private and role.startswith(MEMBERSHIP))
        ]
        self.set_user_data(
            str(person["id"]),
            roles,
            full_name=f"{person['given']} {person['family']}".strip() if named else None,
            email_address=person["email"] if mailed else None,
        )
        if course is None:
            self.set_extra_claims(privacy_claims(platform, person, launch))
            return
        self.set_launch_context_claim(
            str(course["id"]), ["CourseSection"], course["title"], course["shortname"]
        )
        if launch["message"] == DEEP_LINKING:
            self._prepare_deep_linking(course)
        else:
            self._prepare_resource(person, course)
        self.set_extra_claims(extra_claims(platform, person, course, launch) | reviewing.claims(launch))

    def _prepare_resource(self, person: Row, course: Row) -> None:
        platform = self.platform
        activity = platform.activity(self.launch["activity"])
        if activity is None:
            raise LookupError("the activity of this launch is gone")
        if self.launch["message"] == reviewing.REVIEW:
            activity = reviewing.reviewed(platform, activity)
        self.set_launch_url(activity["target_link_uri"])
        self.set_resource_link_claim(str(activity["id"]), activity["description"], activity["title"])
        self.set_custom_parameters_claim(custom_claim(platform, person, course, activity))
        self._offer_services(course, activity)

    def _offer_services(self, course: Row, activity: Row | None) -> None:
        ags = ags_claim(self.platform, course, activity)
        if ags:
            self.set_ags(ags["lineitems"], ags.get("lineitem"))
            self.set_extra_claims({AGS_CLAIM: ags})  # the library has no partial set of scopes
        if MEMBERS_READ in self.platform.scopes:
            self.set_nrps(self.platform.memberships_url(course["id"]))

    def _prepare_deep_linking(self, course: Row) -> None:
        back = deep_link_return_url(self.platform, course["id"], self.launch["person"])
        self.set_dl(back, accept_types={"ltiResourceLink"})
        self._offer_services(course, None)
        if self.platform.moodle and self._deep_linking_launch_data:
            for settings in self._deep_linking_launch_data.values():
                settings["auto_create"] = False  # the library says True, and three other targets
                settings["accept_presentation_document_targets"] = ["frame", "iframe", "window"]
                settings["accept_copy_advice"] = settings["accept_unsigned"] = False
                settings["can_confirm"] = False

    def get_launch_message(self, include_extra_claims: bool = True) -> dict[str, Any]:
        """The library's message without what Moodle never sends."""
        message: dict[str, Any] = super().get_launch_message(include_extra_claims)
        if self.platform.moodle:
            message.pop("azp", None)
        if self.launch["person"] == 0:
            message.pop("sub", None)
        return message

    def render_launch_form(self, launch_data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """The form's fields and address; the view renders them."""
        return launch_data


class TrialLogin(OIDCLoginAbstract):
    """The first hop: what the platform tells the tool's login address."""

    def set_lti_message_hint(self, **kwargs: Any) -> None:
        """Moodle's hint: JSON with the course module and the launch id, to be passed back verbatim."""
        self._lti_message_hint = json.dumps(kwargs, separators=(",", ":"))

    def get_redirect(self, url: str) -> str:
        """The login address with all parameters."""
        return url


def kind_of(activity: Row | None, about: Row | None) -> str:
    """The message type of a launch."""
    if activity is None:
        return PRIVACY if about else DEEP_LINKING
    return reviewing.REVIEW if about else RESOURCE


def begin(
    platform: Platform,
    person: Row,
    course: int,
    activity: Row | None,
    target: str = "iframe",
    about: Row | None = None,
) -> dict[str, Any]:
    """Note a launch down and return the tool's login address and the parameters for it.

    With `about` it is a submission review of that student's work at the activity; without an activity a data-privacy
    launch, which has no course either.
    """
    if activity and about:
        activity = reviewing.reviewed(platform, activity)
    launch = {
        "id": f"ltilaunch{activity['id'] if activity else 'dl'}_{secrets.randbelow(10**9)}",
        "person": person["id"],
        "course": course,
        "activity": activity["id"] if activity else None,
        "message": kind_of(activity, about),
        "target": target,
        "about": about["id"] if about else None,
    }
    platform.store.insert("launches", launch)
    conf = TrialConf(platform=platform)
    conf.get_registration()
    login = TrialLogin(None, conf)
    if activity:
        login.set_launch_url(activity["target_link_uri"])
    login.set_lti_message_hint(cmid=str(launch["activity"] or 0), launchid=launch["id"])
    url = login.initiate_login(str(person["id"]))
    if storage := setting_of(platform):
        url += "&" + urlencode({"lti_storage_target": storage["target"]})
    params = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    return {"launchid": launch["id"], "url": url, "action": platform.config.tool_login_url, "params": params}


def launch_form(platform: Platform, launch: Row, fields: dict[str, str]) -> dict[str, Any]:
    """The signed answer to an authentication request: {launch_url, id_token, state}."""
    form: dict[str, Any] = TrialLaunch(platform, launch, fields).lti_launch()
    return form


__all__ = ["DEEP_LINKING", "LTI", "RESOURCE", "TrialConf", "begin", "kind_of", "launch_form"]
