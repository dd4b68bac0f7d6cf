"""Token, score, line item, result and roster services in Moodle's manner and in the generic one."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.platform.client import PlatformProcess
from tests.platform_tests.tooling import (
    AGS,
    ALL,
    CONTAINER_TYPE,
    ITEM_TYPE,
    NRPS,
    RESULT_TYPE,
    SCORE_TYPE,
    Tool,
)

pytestmark = pytest.mark.services


def test_token_is_json_labelled_html_and_drops_scopes(tool: Tool) -> None:
    tool.platform.post("/api/manners", scopes=[f"{AGS}score", NRPS])
    answer = tool.fake.ask_token(f"{AGS}score {AGS}lineitem nonsense", tool.assertion())
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.json()["scope"] == f"{AGS}score" and answer.json()["expires_in"] == 3600
    none_left = tool.fake.ask_token(f"{AGS}lineitem", tool.assertion())
    assert none_left.status_code == 400 and none_left.json()["error"] == "invalid_scope"


def test_token_refuses_wrong_client_assertions(tool: Tool) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = tool.fake.assertion(tool.client_id, f"{tool.platform.url}/token")
    now = int(time.time())
    wrong = [
        tool.fake.sign(claims, key=stranger),
        tool.fake.sign(claims, kid="unknown"),
        tool.assertion(sub="somebody-else"),
        tool.assertion(iat=now + 30),
        tool.assertion(exp=now - 10, iat=now - 60),
    ]
    for assertion in wrong:
        answer = tool.fake.ask_token(ALL, assertion)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")
    assert tool.fake.ask_token(ALL, "abc").json()["error"] == "invalid_client"
    assert tool.fake.ask_token(ALL, tool.assertion(iat=now + 1)).status_code == 200
    assert tool.fake.ask_token(ALL, tool.assertion(aud="elsewhere", iss="x")).status_code == 200


def test_the_tools_keys_are_cached_until_a_check_fails(tool: Tool) -> None:
    tool.token()
    fetched = tool.fake.jwks_hits
    for _ in range(3):
        tool.token()
    assert tool.fake.jwks_hits == fetched
    old = tool.assertion()
    tool.fake.new_key(f"tool-key-{time.time()}")
    tool.token()
    assert tool.fake.jwks_hits == fetched + 1
    assert tool.fake.ask_token(ALL, old).status_code == 200


def test_generic_manners_are_strict_about_assertions(tool: Tool) -> None:
    tool.platform.post("/api/manners", moodle=False)
    good = tool.fake.ask_token(ALL, tool.assertion())
    assert good.headers["Content-Type"].startswith("application/json")
    assert tool.fake.ask_token(ALL, tool.assertion(aud="elsewhere")).status_code == 400


def test_a_score_is_stored_rescaled_and_capped(tool: Tool) -> None:
    assert tool.score(40, 0, maximum=50, comment="Gerai").status_code == 200
    grade = tool.grade()
    assert (grade["score"], grade["comment"], grade["final"]) == (8, "Gerai", 8)
    assert (grade["activity_progress"], grade["grading_progress"]) == ("Completed", "FullyGraded")
    assert tool.score(15, 1).status_code == 200
    assert tool.grade()["score"] == 10
    assert tool.score(0, 2).status_code == 200
    assert tool.grade()["score"] == 0
    effects = tool.platform.effects()
    assert [(e["score_given"], e["stored"]) for e in effects] == [(40, 8), (15, 10), (0, 0)]


def test_409_unless_a_whole_second_newer_with_the_reason_in_the_status_line(tool: Tool) -> None:
    assert tool.score(5, 10.9).status_code == 200
    late = tool.score(6, 10.95)
    assert late.status_code == 409 and "earlier timestamp" in late.reason
    assert "earlier" not in late.text and late.headers["Content-Type"].startswith("text/html")
    assert tool.score(6, 11.0).status_code == 200
    assert len(tool.platform.effects()) == 2
    tool.platform.post("/api/manners", moodle=False)
    tool.item = tool.platform.get("/api/state")["lineitems"][-1]["url"]
    assert "?" not in tool.item
    assert tool.score(7, 11.0).status_code == 409
    assert tool.score(7, 11.1).status_code == 200


def test_a_future_time_blocks_later_scores(tool: Tool) -> None:
    assert tool.score(5, 10**9).status_code == 200
    assert tool.score(6, 0).status_code == 409


def test_not_fully_graded_wipes_and_a_missing_comment_erases(tool: Tool) -> None:
    tool.score(5, 0, comment="first")
    assert tool.grade()["comment"] == "first"
    tool.score(6, 1)
    assert tool.grade()["comment"] is None
    assert tool.score(7, 2, gradingProgress="Pending").status_code == 200
    grade = tool.grade()
    assert grade["score"] is None and grade["modified"] > time.time() - 60
    assert tool.score(8, 3).status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": 1700000000},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-01-01"},
        {"activityProgress": None},
        {"gradingProgress": None},
        {"userId": "999999"},
        {"userId": "9" * 30},
        {"scoreMaximum": None},
        {"scoreGiven": "many"},
    ],
)
def test_unfit_scores_are_400(tool: Tool, change: dict[str, Any]) -> None:
    assert tool.score(5, 0, **change).status_code == 400
    assert tool.platform.effects() == []


def test_teachers_and_strangers_are_not_gradable(tool: Tool) -> None:
    assert tool.score(5, 0, userId=tool.person("rasa")).status_code == 400
    tool.platform.post("/api/people/jonas", courses=[])
    assert tool.score(5, 0, userId=tool.person("jonas")).status_code == 400


def test_content_type_is_exact_and_scores_go_before_the_query(tool: Tool) -> None:
    assert tool.score(5, 0, kind="application/json").status_code == 400
    assert tool.score(5, 0, kind=f"{SCORE_TYPE}; charset=utf-8").status_code == 200
    misplaced = requests.post(f"{tool.item}/scores", json={}, headers=tool.auth, timeout=10)
    assert misplaced.status_code == 405
    assert tool.platform.calls()[-1]["status"] == 405


def test_a_locked_column_is_500_and_a_teachers_grade_stands(tool: Tool) -> None:
    tool.platform.post(f"/api/activities/{tool.activity['id']}", locked=True)
    assert tool.score(5, 0).status_code == 500
    tool.platform.post(f"/api/activities/{tool.activity['id']}", locked=False)
    tool.platform.post("/api/grades", person="ona", activity=tool.activity["id"], score=3)
    assert tool.score(5, 0).status_code == 409
    assert tool.score(5, 10**8).status_code == 200
    assert tool.grade()["final"] == 3 and tool.grade()["score"] == 5


def test_results_filter_by_user_and_die_of_limit(tool: Tool) -> None:
    tool.score(5, 0, comment="c")
    tool.score(6, 0, userId=tool.person("emma"))
    every = tool.get(tool.url("/results"), RESULT_TYPE).json()
    assert [r["resultScore"] for r in every] == [5, 6]
    one = tool.get(tool.url("/results") + f"&user_id={tool.student}", RESULT_TYPE).json()
    assert len(one) == 1 and one[0]["comment"] == "c" and one[0]["resultMaximum"] == 10
    broken = tool.get(tool.url("/results") + "&limit=1", RESULT_TYPE)
    assert broken.status_code == 404 and broken.headers["Content-Type"].startswith("text/html")


def test_line_items_want_their_exact_accept(tool: Tool) -> None:
    state = tool.platform.get("/api/state")
    container = f"{tool.platform.url}/services/{tool.activity['course']}/lineitems?type_id=1"
    assert state["lineitems"][-1]["url"] == tool.item
    for accept, status in ((CONTAINER_TYPE, 200), (None, 200), ("*/*", 400), ("application/json", 400)):
        # requests sends */* of its own accord; an empty value leaves the header out
        answer = tool.get(container, accept if accept else "")
        assert answer.status_code == status, accept
    assert tool.get(tool.item, ITEM_TYPE).json()["scoreMaximum"] == 10
    assert tool.get(tool.item, "application/json").status_code == 400
    filtered = tool.get(f"{container}&resource_link_id={tool.activity['id']}", CONTAINER_TYPE).json()
    assert [item["id"] for item in filtered] == [tool.item]


def test_line_items_can_be_made_changed_and_removed(tool: Tool) -> None:
    container = f"{tool.platform.url}/services/{tool.activity['course']}/lineitems?type_id=1"
    headers = {**tool.auth, "Content-Type": ITEM_TYPE}
    data = {"label": "Extra", "scoreMaximum": 20, "tag": "t", "resourceLinkId": str(tool.activity["id"])}
    made = requests.post(container, json=data, headers=headers, timeout=10)
    assert made.status_code == 201
    token = tool.platform.token("n", "s", "ona", tool.activity["id"])
    assert "lineitem" not in token["claims"]["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]
    assert requests.delete(made.json()["id"], headers=tool.auth, timeout=10).status_code == 204
    tool.score(5, 0)
    data = {"label": "Quiz", "scoreMaximum": 100}
    changed = requests.put(tool.item, json=data, headers=headers, timeout=10)
    assert changed.status_code == 200 and tool.grade()["score"] == 50
    assert requests.delete(tool.item, headers=tool.auth, timeout=10).status_code == 204
    assert tool.score(5, 1).status_code == 404


def test_services_want_a_token_with_the_scope(tool: Tool) -> None:
    weak = {"Authorization": f"Bearer {tool.token(NRPS)}", "Accept": ITEM_TYPE}
    assert requests.get(tool.item, headers=weak, timeout=10).status_code == 401
    assert requests.get(tool.item, headers={"Accept": ITEM_TYPE}, timeout=10).status_code == 401
    assert tool.score(5, 0).status_code == 200
    tool.platform.post("/api/expire_tokens")
    assert tool.score(5, 1).status_code == 401


def test_the_roster_has_short_roles_and_a_next_link(tool: Tool) -> None:
    url = f"{tool.platform.url}/services/CourseSection/{tool.activity['course']}/bindings/1/memberships"
    tool.platform.post("/api/people/jonas", suspended=True)
    whole = tool.get(url, "*/*").json()["members"]
    by_id = {member["user_id"]: member for member in whole}
    assert by_id[tool.student]["roles"] == ["Learner"] and by_id[tool.student]["given_name"] == "Ona"
    assert by_id[tool.person("tom")]["roles"] == ["Learner"]
    assert tool.person("jonas") not in by_id and tool.person("admin") not in by_id
    assert "name" not in by_id[tool.person("nameless")]
    page = tool.get(f"{url}?limit=2&role=Instructor", "*/*")
    assert [m["roles"] for m in page.json()["members"]] == [["Instructor"]]
    page = tool.get(f"{url}?limit=2&role=Learner", "*/*")
    following = page.links["next"]["url"]
    assert "role" not in following and len(tool.get(following, "*/*").json()["members"]) == 2


def test_state_survives_a_restart(tool: Tool, platform: PlatformProcess) -> None:
    tool.score(5, 0)
    last = platform.calls()[-1]["id"]
    kid = platform.get("/jwks")["keys"][0]["kid"]
    platform.stop(signal.SIGKILL)
    platform.start()
    assert tool.grade()["score"] == 5 and len(platform.effects()) == 1
    assert platform.get("/jwks")["keys"][0]["kid"] == kid
    assert tool.score(6, 1).status_code == 200
    assert platform.calls()[-1]["id"] > last
