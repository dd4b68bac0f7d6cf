"""Launches: the token, the hops, the single use, and forged tokens on demand."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from tests.platform.client import ROOT, PlatformProcess, form_of
from tests.platform_tests.faketool import FakeTool
from tests.platform_tests.tooling import Tool

pytestmark = pytest.mark.services
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def launch(platform: PlatformProcess, fake: FakeTool, person: str, activity: int) -> dict[str, str]:
    """Walk all hops as a browser would; returns what reached the tool."""
    made = platform.get("/api/launch_url", person=person, activity=activity)
    start = requests.get(made["start"], timeout=10)
    action, fields = form_of(start.text)
    answer = requests.post(action, data=fields, timeout=10)
    assert "/auth?" in answer.url
    action, fields = form_of(answer.text)
    assert action == f"{fake.url}/lti/launch/"
    requests.post(action, data=fields, timeout=10)
    return fake.launches[-1]


def verified(platform: PlatformProcess, token: str) -> dict[str, Any]:
    """The claims, checked with the platform's published keys."""
    keys = {key["kid"]: key for key in platform.get("/jwks")["keys"]}
    key = jwt.PyJWK(keys[jwt.get_unverified_header(token)["kid"]])
    client = platform.get("/api/state")["registration"]["client_id"]
    return jwt.decode(token, key, algorithms=["RS256"], audience=client, issuer=platform.url)


def test_the_launch_token_verifies_and_says_what_moodle_says(tool: Tool, fake_tool: FakeTool) -> None:
    claims = verified(tool.platform, launch(tool.platform, fake_tool, "ona", tool.activity["id"])["id_token"])
    assert claims["exp"] - claims["iat"] == 60
    assert claims["sub"] == tool.student and claims["name"] == "Ona Kazlauskaitė"
    assert claims["aud"] == tool.client_id and "azp" not in claims
    assert claims[LTI + "message_type"] == "LtiResourceLinkRequest" and claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "deployment_id"] == "1"
    assert claims[LTI + "roles"] == ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"]
    assert claims[LTI + "resource_link"] == {"id": str(tool.activity["id"]), "title": "Quiz"}
    context = claims[LTI + "context"]
    assert context["type"] == ["CourseSection"] and context["label"] == "INFO101"
    presentation = claims[LTI + "launch_presentation"]
    assert presentation["locale"] == "lt" and presentation["document_target"] == "iframe"
    assert "sesskey=" in presentation["return_url"]
    assert claims[LTI + "tool_platform"]["product_family_code"] == "moodle"
    assert claims[AGS]["lineitem"] == tool.item and tool.item.endswith("/lineitem?type_id=1")
    assert "context_memberships_url" in claims[NRPS]


def test_nonce_and_state_come_back(tool: Tool, fake_tool: FakeTool) -> None:
    made = tool.platform.login_request("ona", tool.activity["id"])
    answer = requests.post(f"{fake_tool.url}/lti/login/", data=made, timeout=10, allow_redirects=False)
    page = tool.platform.authenticate(answer.headers["Location"])
    _, fields = form_of(page.text)
    assert f"state={fields['state']}" in answer.headers["Location"]
    nonce = jwt.decode(fields["id_token"], options={"verify_signature": False})["nonce"]
    assert f"nonce={nonce}" in answer.headers["Location"]


def test_an_anonymous_name_carries_nothing_personal(tool: Tool, fake_tool: FakeTool) -> None:
    claims = verified(
        tool.platform, launch(tool.platform, fake_tool, "nameless", tool.activity["id"])["id_token"]
    )
    assert not {"name", "given_name", "family_name", "email"} & set(claims)
    assert "person_sourcedid" not in claims[LTI + "lis"] and claims["sub"]


def test_a_visitor_has_no_sub_and_login_hint_zero(tool: Tool, fake_tool: FakeTool) -> None:
    fields = launch(tool.platform, fake_tool, "visitor", tool.activity["id"])
    assert fake_tool.logins[-1]["login_hint"] == "0"
    assert "sub" not in jwt.decode(fields["id_token"], options={"verify_signature": False})


def test_an_administrator_has_moodles_three_roles(tool: Tool, fake_tool: FakeTool) -> None:
    fields = launch(tool.platform, fake_tool, "admin", tool.activity["id"])
    claims = verified(tool.platform, fields["id_token"])
    assert [role.rsplit("/", 1)[1] for role in claims[LTI + "roles"]] == [
        "person#Administrator",
        "person#Administrator",
        "membership#Instructor",
    ]


def test_custom_parameters_are_substituted_and_capitals_come_twice(tool: Tool, fake_tool: FakeTool) -> None:
    custom = "Unit=3\nuser=$User.id\nopens=$ResourceLink.available.startDateTime\nword=ąčę;a=b"
    tool.platform.post(f"/api/activities/{tool.activity['id']}", custom=custom)
    claims = verified(tool.platform, launch(tool.platform, fake_tool, "ona", tool.activity["id"])["id_token"])
    custom_claim = claims[LTI + "custom"]
    assert custom_claim["Unit"] == custom_claim["unit"] == "3"
    assert custom_claim["user"] == tool.student and custom_claim["word"] == "ąčę;a=b"
    assert custom_claim["opens"] == "$ResourceLink.available.startDateTime"


def test_a_launch_id_is_good_for_one_use_only(tool: Tool, fake_tool: FakeTool) -> None:
    made = tool.platform.login_request("ona", tool.activity["id"])
    answer = requests.post(f"{fake_tool.url}/lti/login/", data=made, timeout=10, allow_redirects=False)
    assert tool.platform.authenticate(answer.headers["Location"]).status_code == 200
    again = tool.platform.authenticate(answer.headers["Location"])
    assert again.status_code == 404 and "Invalid request" in again.text
    tool.platform.post("/api/manners", moodle=False)
    assert tool.platform.authenticate(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"redirect_uri": "http://evil.example/"}, 404, None),
        ({"redirect_uri": "{uri}?x=1"}, 404, None),
        ({"nonce": ""}, 404, None),
        ({"lti_message_hint": "{}"}, 404, None),
        ({"scope": "openid profile"}, 200, "invalid_scope"),
        ({"response_type": "code"}, 200, "unsupported_response_type"),
        ({"client_id": "other"}, 200, "unauthorized_client"),
        ({"login_hint": "99999"}, 200, "access_denied"),
        ({"response_mode": "query"}, 200, "invalid_request"),
        ({"prompt": "login"}, 200, "invalid_request"),
    ],
)
def test_authentication_requests_are_checked(tool: Tool, change: Any, status: int, error: str | None) -> None:
    hop = tool.platform.login_request("ona", tool.activity["id"])
    uri = f"{tool.fake.url}/lti/launch/"
    query = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": tool.client_id,
        "redirect_uri": uri,
        "nonce": "n",
        "state": "s",
        "login_hint": hop["login_hint"],
        "lti_message_hint": hop["lti_message_hint"],
    }
    query |= {name: value.replace("{uri}", uri) for name, value in change.items()}
    answer = tool.platform.authenticate(f"{tool.platform.url}/auth", query)
    assert answer.status_code == status
    if error:
        _, fields = form_of(answer.text)
        assert fields["error"] == error and fields["state"] == "s" and "id_token" not in fields


def test_the_right_token_on_demand_verifies(tool: Tool) -> None:
    made = tool.platform.token("n1", "s1", "ona", tool.activity["id"])
    assert verified(tool.platform, made["id_token"])["nonce"] == "n1"
    assert made["state"] == "s1" and made["launch_url"].endswith("/lti/launch/")


def test_forged_tokens_are_what_they_were_asked_to_be(tool: Tool) -> None:
    def forged(**wishes: Any) -> tuple[dict[str, Any], str]:
        token = tool.platform.token("n", "s", "ona", tool.activity["id"], **wishes)["id_token"]
        return jwt.get_unverified_header(token), token

    head, token = forged(sign_with="wrong")
    with pytest.raises(jwt.InvalidSignatureError):
        verified(tool.platform, token)
    assert head["kid"] in {key["kid"] for key in tool.platform.get("/jwks")["keys"]}
    head, token = forged(sign_with="none")
    assert head["alg"] == "none" and token.endswith(".")
    head, token = forged(sign_with="hs256_public")
    assert head["alg"] == "HS256"
    assert "kid" not in forged(kid="none")[0] and forged(kid="unknown")[0]["kid"] == "no-such-key"
    assert forged(headers={"jku": "http://evil.example/"})[0]["jku"]
    with pytest.raises(jwt.InvalidSignatureError):
        verified(tool.platform, forged(tamper={"sub": "1"})[1])
    short = tool.platform.token("n", "s", "ona", tool.activity["id"], parts=2)
    assert short["id_token"].count(".") == 1
    assert len(forged(pad=1_000_000)[1]) > 1_000_000
    with pytest.raises(jwt.MissingRequiredClaimError):
        jwt.decode(forged(remove=["exp"])[1], options={"verify_signature": False, "require": ["exp"]})
    claims = verified(tool.platform, forged(overrides={"roles": [1], "azp": "x"}, shift={"iat": -900})[1])
    assert claims[LTI + "roles"] == [1] and claims["azp"] == "x" and claims["iat"] < time.time() - 800
    raw = tool.platform.token("n", "s", "ona", tool.activity["id"], payload_json=[1, 2])
    assert raw["claims"] == [1, 2]


def test_keys_rotate_and_the_key_set_counts_its_readers(tool: Tool) -> None:
    old = tool.platform.token("n", "s", "ona", tool.activity["id"])["id_token"]
    before = tool.platform.get("/api/jwks_hits")["hits"]
    kid = tool.platform.post("/api/rotate_key", keep_old=True)["kid"]
    new = tool.platform.token("n", "s", "ona", tool.activity["id"])
    assert new["header"]["kid"] == kid and verified(tool.platform, new["id_token"])
    assert verified(tool.platform, old)
    assert tool.platform.get("/api/jwks_hits")["hits"] == before + 2
    tool.platform.post("/api/rotate_key", keep_old=False)
    assert len(tool.platform.get("/jwks")["keys"]) == 1


def test_deep_linking_makes_activities_from_a_signed_answer(tool: Tool, fake_tool: FakeTool) -> None:
    course = tool.activity["course"]
    start = requests.get(f"{tool.platform.url}/launch?person=rasa&course={course}", timeout=10)
    answer = requests.post(f"{fake_tool.url}/lti/login/", data=form_of(start.text)[1], timeout=10)
    claims = verified(tool.platform, form_of(answer.text)[1]["id_token"])
    settings = claims["https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"]
    assert claims[LTI + "message_type"] == "LtiDeepLinkingRequest" and LTI + "resource_link" not in claims
    assert settings["accept_types"] == ["ltiResourceLink"] and settings["auto_create"] is False
    now = int(time.time())
    item: dict[str, Any] = {"type": "ltiResourceLink", "title": "Lesson", "url": f"{fake_tool.url}/x?a=1"}
    item |= {"custom": {"u": "7"}}
    message = {
        "iss": tool.client_id,
        "aud": tool.platform.url,
        "iat": now - 5,
        "exp": now + 60,
        LTI + "message_type": "LtiDeepLinkingResponse",
        "https://purl.imsglobal.org/spec/lti-dl/claim/content_items": [
            {**item, "lineItem": {"scoreMaximum": 150}},
            item,
        ],
    }
    url = settings["deep_link_return_url"]
    bad = requests.post(url, data={"JWT": fake_tool.sign({**message, "iat": now + 30})}, timeout=10)
    assert bad.status_code == 400
    good = requests.post(url, data={"JWT": fake_tool.sign(message)}, timeout=10)
    assert good.status_code == 200 and "2 activities added" in good.text
    state = tool.platform.get("/api/state")
    assert state["activities"][-1]["custom"] == "u=7"
    assert [i["score_maximum"] for i in state["lineitems"]][-1] == 100


def test_the_registration_can_be_printed(tmp_path: Path) -> None:
    arguments = ["--port", "9100", "--state", str(tmp_path), "--print-registration"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.platform", *arguments], cwd=ROOT, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert set(told) == {"issuer", "client_id", "auth_url", "token_url", "keyset_url", "deployment_id"}
    assert told["keyset_url"] == "http://127.0.0.1:9100/jwks"
