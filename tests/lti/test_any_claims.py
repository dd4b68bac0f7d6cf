"""Whatever a signed message claims: no error 500, nobody in unless it is sound, no word about who or what is here."""

from __future__ import annotations

import json
import math
import re
import time
import uuid

import pytest
from django.test import Client
from hypothesis import assume, event, given
from hypothesis import strategies as st
from jwt.api_jws import PyJWS
from lti_tool.models import LtiContext, LtiDeployment, LtiUser

from portal.directory.models import User
from tests.factories.lti import AGS, LTI, MEMBERSHIP, TARGET, Launcher, rsa_key
from tests.lti.anything import GONE, JSON, MANY, TEXT, spoilt, undone
from tests.lti.privacy import ADMINISTRATOR, PRIVACY
from tests.lti.rosters import RASA

pytestmark = pytest.mark.django_db
CODE = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")
REVIEW = "LtiSubmissionReviewRequest"
TEACHING = {MEMBERSHIP + role for role in ("Instructor", "ContentDeveloper", "Administrator")}
CHANGE = st.tuples(st.integers(0, 10**6), JSON | st.just(GONE))
MORE = st.dictionaries(
    st.sampled_from(["azp", "nbf", "name", "picture", "locale", LTI + "lis", LTI + "tool_platform", LTI + "ext",
                     LTI + "for_user", LTI + "lti1p1", "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"])
    | TEXT,
    JSON,
    max_size=2,
)  # fmt: skip


def signed(claims, key):
    """Sign as the platform does; PyJWT itself would refuse some of these claims."""
    return PyJWS().encode(json.dumps(claims).encode(), rsa_key(key), algorithm="RS256", headers={"kid": key})


def told(response):
    """What somebody learns of an answer: its status, where it leads, its page without the support code."""
    page = CODE.sub("", response.content.decode())
    return response.status_code, response.headers.get("Location", ""), re.sub(r'nonce="[^"]*"', "", page)


def is_moment(value):
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) < 1e300 and math.isfinite(value)


def is_text(value, limit=255):
    return isinstance(value, str) and 0 < len(value) <= limit


def is_sound(claims, nonce, launcher):
    """Whether the message says what a launch must say; written anew, from the specifications."""
    platform, moment = launcher.platform, time.time()
    audience = claims.get("aud")
    ours = audience in (platform.client_id, [platform.client_id]) or (
        isinstance(audience, list) and platform.client_id in audience and "azp" in claims
    )
    roles, link, custom = (claims.get(LTI + name) for name in ("roles", "resource_link", "custom"))
    try:
        named = uuid.UUID(custom["activity"].strip()) == launcher.activity.uuid
    except (TypeError, KeyError, ValueError, AttributeError):
        named = False
    return all(
        [
            ours and claims.get("azp", platform.client_id) == platform.client_id,
            claims.get("iss") == platform.base and claims.get("nonce") == nonce,
            is_moment(claims.get("iat")) and moment - 610 < claims["iat"] < moment + 70,
            is_moment(claims.get("exp")) and claims["exp"] > moment - 70,
            "nbf" not in claims or (is_moment(claims["nbf"]) and claims["nbf"] < moment + 70),
            claims.get(LTI + "version") == "1.3.0",
            claims.get(LTI + "message_type") == "LtiResourceLinkRequest",
            claims.get(LTI + "deployment_id") == platform.deployment_id,
            claims.get(LTI + "target_link_uri") == TARGET,
            isinstance(roles, list) and all(isinstance(role, str) for role in roles),
            isinstance(link, dict) and is_text(link.get("id")),
            is_text(claims.get("sub")),
            named,
        ]
    )


def launch(launcher, person, changes, more):
    """Launch with the claims changed; return the answer and whether the claims were sound."""
    begun = launcher.begin()
    claims = launcher.platform.claims(begun.nonce, launcher.activity, person)
    for which, value in changes:
        claims = spoilt(claims, which, value)
        assume(isinstance(claims, dict))
    claims |= more
    response = launcher.post(signed(claims, launcher.platform.key), begun.state)
    return response, is_sound(claims, begun.nonce, launcher)


@MANY
@given(changes=st.lists(CHANGE, max_size=3), more=MORE)
def test_any_claims(launched, changes, more):
    """Ona (2001) is known and Benas is not: both are told the very same."""
    with undone():
        answers = []
        for person in ("2001", "2999"):
            launcher = Launcher(launched.platform, Client(), launched.activity)
            response, sound = launch(launcher, person, changes, more)
            assert response.status_code in {200, 302, 400, 403, 404}
            entered = "_auth_user_id" in launcher.client.session
            assert entered == (response.status_code == 302)
            assert sound or not entered
            answers.append(told(response))
        event(f"{response.status_code}, sound: {sound}")
        assert answers[0] == answers[1]


@MANY
@given(changes=st.lists(CHANGE, max_size=3), more=MORE)
def test_any_claims_of_a_review(launched, changes, more):
    """Of Ona (2001), who has done nothing yet, and of Benas (2999), who is not known, Rasa is told the very same."""
    about = "2001"

    def claims_of(platform, nonce, person):
        said = platform.claims(
            nonce, launched.activity, **RASA, message_type=REVIEW, for_user={"user_id": person}
        )
        for which, value in changes:
            said = spoilt(said, which, value)
            assume(isinstance(said, dict))
        return said | more

    with undone():
        answers = []
        for person in (about, "2999"):
            launcher = Launcher(launched.platform, Client(), launched.activity)
            begun = launcher.begin()
            claims = claims_of(launcher.platform, begun.nonce, person)
            response = launcher.post(signed(claims, launcher.platform.key), begun.state)
            assert response.status_code in {200, 302, 400, 403, 404}
            if response.status_code == 302 and "/class/" in response["Location"]:
                assert launcher.client.get(response["Location"]).status_code in {200, 404}
                assert is_text((claims.get(LTI + "for_user") or {}).get("user_id"))
                assert set(claims[LTI + "roles"]) & TEACHING
            answers.append(told(response))
        event(f"{response.status_code}")
        assert answers[0] == answers[1]


def test_a_sound_review_is_what_the_test_above_lets_in(launched):
    launcher = Launcher(launched.platform, Client(), launched.activity)
    response = launcher.launch(**RASA, message_type=REVIEW, for_user={"user_id": "2001"})
    assert response["Location"] == "/lt/class/nothing/"


@MANY
@given(
    changes=st.lists(CHANGE, max_size=3),
    more=MORE,
    about=st.sampled_from(["2001", "2999"]),
    own=st.booleans(),
)
def test_any_claims_of_a_data_privacy_launch(launched, changes, more, about, own):
    """No error, nobody made, and nobody signed in but the one whom the message names and asks about."""
    rows = [User.objects.count(), LtiContext.objects.count(), LtiUser.objects.count()]
    with undone():
        launcher = Launcher(launched.platform, Client())
        begun = launcher.begin()
        roles = {LTI + "roles": [] if own else [ADMINISTRATOR]}
        kind = {LTI + "message_type": PRIVACY, LTI + "for_user": {"user_id": about}, **roles}
        claims = launcher.platform.claims(begun.nonce, None, about if own else "9001", **kind)
        for which, value in changes:
            claims = spoilt(claims, which, value)
            assume(isinstance(claims, dict))
        claims |= more
        response = launcher.post(signed(claims, launcher.platform.key), begun.state)
        assert response.status_code in {200, 302, 400, 403, 404}
        event(f"{response.status_code}, {claims.get(LTI + 'message_type') == PRIVACY}")
        if claims.get(LTI + "message_type") != PRIVACY:
            return
        assert [User.objects.count(), LtiContext.objects.count(), LtiUser.objects.count()] == rows
        if response.status_code != 302:
            assert not launcher.client.session.keys()
            return
        page = launcher.client.get(response["Location"])
        assert page.status_code == 200
        named = claims.get(LTI + "for_user")
        asked = named.get("user_id") if isinstance(named, dict) else claims.get("sub")
        entered = "_auth_user_id" in launcher.client.session
        assert entered == (claims.get("sub") == "2001" and (asked or named.get("id")) == "2001")
        assert entered or "Kazlauskaitė" not in page.content.decode()


def test_sound_claims_are_what_the_test_above_lets_in(ona):
    response, sound = launch(ona, "2001", [], {})
    assert sound and response.status_code == 302


@given(services=JSON, endpoint=st.dictionaries(st.sampled_from(["scope", "lineitems", "lineitem"]), JSON))
@MANY
def test_any_offer_of_grades_lets_the_person_in_and_leads_nowhere_strange(ona, network, services, endpoint):
    """What the platform offers is no condition of coming in, of whatever type it is."""
    names = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
    for grades in (services, endpoint):
        with undone():
            launcher = Launcher(ona.platform, Client(), ona.activity)
            response, _sound = launch(launcher, "2001", [], {AGS: grades, names: services})
            assert response.status_code == 302 and response["Location"] == ona.activity.page.get_url()


@pytest.mark.parametrize("language", ["lt", "en"])
def test_a_refusal_does_not_tell_whether_a_deployment_is_known_or_an_account_closed(ona, language):
    ona.launch()
    LtiDeployment.objects.create(registration=ona.platform.registration, deployment_id="waits")
    User.objects.update(is_active=False)
    ona.client.logout()
    pages = set()
    for changes in ({"deployment_id": "unheard-of"}, {"deployment_id": "waits"}, {}):
        response = ona.launch(launch_presentation={"locale": language}, **changes)
        assert response.status_code == 403
        pages.add(told(response))
    assert len(pages) == 1


@pytest.mark.parametrize("role", ["Learner", "Instructor"])
def test_a_refusal_does_not_tell_whether_an_activity_exists(ona, quiz, role):
    page = quiz.page
    page.live = False
    page.save()
    pages = {
        told(ona.launch(custom={"activity": name}, roles=[MEMBERSHIP + role]))
        for name in (str(quiz.uuid), str(uuid.uuid4()), "not-a-uuid", str(quiz.uuid).upper())
    }
    assert len(pages) == 1 and next(iter(pages))[0] == 404
