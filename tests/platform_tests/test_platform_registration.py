"""Dynamic registration on the trial platform, with Moodle's manners."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from tests.platform.client import form_of
from tests.platform_tests.tooling import AGS, NRPS, Tool

pytestmark = pytest.mark.services
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"


def description(tool: Tool, **changes: Any) -> dict[str, Any]:
    """What the fake tool says of itself; a change to None takes something out."""
    url = tool.fake.url
    found = {
        "application_type": "web",
        "response_types": ["id_token"],
        "initiate_login_uri": f"{url}/lti/login/",
        "redirect_uris": [f"{url}/lti/launch/"],
        "client_name": "Fake",
        "jwks_uri": f"{url}/lti/jwks/",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{AGS}score {NRPS}",
        TOOL: {
            "domain": urlsplit(url).netloc,
            "target_link_uri": f"{url}/lti/launch/",
            "claims": ["sub", "name", "email"],
        },
    } | changes
    return {name: value for name, value in found.items() if value is not None}


def token(tool: Tool, **more: Any) -> str:
    url = tool.platform.post("/api/registration_url", url="http://localhost/lti/register/x/", **more)["url"]
    about = parse_qs(urlsplit(url).query)
    assert about["openid_configuration"] == [f"{tool.platform.url}/openid-configuration"]
    return about["registration_token"][0]


def register(tool: Tool, bearer: str, **changes: Any) -> requests.Response:
    found = requests.get(f"{tool.platform.url}/openid-configuration", timeout=10).json()
    assert found["issuer"] == tool.platform.url
    headers = {"Authorization": f"Bearer {bearer}"}
    body = description(tool, **changes)
    return requests.post(found["registration_endpoint"], json=body, headers=headers, timeout=10)


def launched(tool: Tool) -> dict[str, Any]:
    """The claims of a launch of the activity."""
    request = tool.platform.login_request(person=tool.student, activity=tool.activity["id"])
    answer = requests.get(f"{tool.fake.url}/lti/login/", params=request, allow_redirects=False, timeout=10)
    _action, fields = form_of(tool.platform.authenticate(answer.headers["Location"]).text)
    claims: dict[str, Any] = jwt.decode(fields["id_token"], options={"verify_signature": False})
    return claims


def test_a_tool_registers_waits_and_is_used_once_it_is_activated(tool: Tool) -> None:
    answer = register(tool, token(tool)).json()
    before = tool.platform.get("/api/state")
    assert before["tools"][0]["state"] == "pending"
    assert before["registration"]["client_id"] == tool.client_id != answer["client_id"]

    tool.platform.post(f"/api/tools/{before['tools'][0]['id']}/activate")

    after = tool.platform.get("/api/state")
    assert after["registration"]["client_id"] == answer["client_id"]
    assert after["registration"]["deployment_id"] == answer[TOOL]["deployment_id"]
    assert after["scopes"] == [f"{AGS}score", NRPS]
    claims = launched(tool)
    assert claims["aud"] == answer["client_id"] and claims["name"]


def test_a_token_works_once_and_for_its_time(tool: Tool) -> None:
    once = token(tool)
    assert register(tool, once).status_code == 200
    again = register(tool, once)
    assert (again.status_code, again.json()["message"]) == (401, "token_already_used")
    assert register(tool, token(tool, lifetime=-1)).status_code == 401
    assert register(tool, "made-up").status_code == 401


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"token_endpoint_auth_method": "none"}, 400),
        ({"jwks_uri": None}, 400),
        ({"response_types": ["code"]}, 400),
        ({TOOL: {"domain": "localhost", "target_link_uri": "http://localhost:1/x"}}, 400),
        ({TOOL: {}}, 400),
        ({"scope": [NRPS]}, 404),
    ],
)
def test_what_moodle_refuses_is_refused(tool: Tool, change: dict[str, Any], status: int) -> None:
    answer = register(tool, token(tool), **change)
    assert answer.status_code == status
    assert tool.platform.get("/api/state")["tools"] == []


def test_without_scopes_and_claims_no_services_and_no_names(tool: Tool) -> None:
    plain = {**description(tool)[TOOL], "claims": []}
    register(tool, token(tool), **{"scope": None, TOOL: plain})
    number = tool.platform.get("/api/state")["tools"][0]["id"]
    tool.platform.post(f"/api/tools/{number}/activate")
    claims = launched(tool)
    assert not {"name", "given_name", "email"} & set(claims)
    assert not [name for name in claims if "lti-ags" in name or "lti-nrps" in name]


def test_faults_strike_registration_when_they_are_meant_to(tool: Tool) -> None:
    tool.platform.post("/api/faults", mode="503")
    assert register(tool, token(tool)).status_code == 200
    tool.platform.post("/api/faults", mode="503", only=["registration"])
    assert register(tool, token(tool)).status_code == 503
    calls = tool.platform.calls(service="registration")
    assert [call["status"] for call in calls] == [200, 503]


def test_a_reset_forgets_tools(tool: Tool) -> None:
    register(tool, token(tool))
    number = tool.platform.get("/api/state")["tools"][0]["id"]
    tool.platform.post(f"/api/tools/{number}/activate")
    state = tool.platform.post("/api/reset", seed="demo")
    assert state["tools"] == [] and state["registration"]["client_id"] == tool.client_id
    assert len(state["scopes"]) == 5
