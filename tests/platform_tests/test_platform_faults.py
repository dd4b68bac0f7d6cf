"""Faults on demand, the call log, and many callers at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.platform_tests.tooling import Tool

pytestmark = pytest.mark.services


def test_503_is_not_applied_and_logged(tool: Tool) -> None:
    tool.platform.post("/api/faults", mode="503", only="scores", seconds=7)
    answer = tool.score(5, 0)
    assert answer.status_code == 503 and answer.headers["Retry-After"] == "7"
    call = tool.platform.calls(service="scores")[-1]
    assert (call["status"], call["applied"], call["fault"]) == (503, False, "503")
    assert call["person"] == tool.student and "scoreGiven" in call["body"]
    assert tool.grade() == {} and tool.platform.effects() == []


def test_drop_after_apply_stores_and_says_nothing(tool: Tool) -> None:
    tool.platform.post("/api/faults", mode="drop_after_apply", only="scores", count=1)
    with pytest.raises(requests.ConnectionError):
        tool.score(5, 0)
    call = tool.platform.calls(service="scores")[-1]
    assert (call["status"], call["applied"], call["person"]) == (None, True, tool.student)
    assert tool.grade()["score"] == 5
    assert tool.score(5, 0).status_code == 409
    assert len(tool.platform.effects()) == 1


@pytest.mark.parametrize("mode", ["reset", "drop_before"])
def test_dropped_before_anything_happens(tool: Tool, mode: str) -> None:
    tool.platform.post("/api/faults", mode=mode, only="scores", count=1)
    with pytest.raises(requests.ConnectionError) as caught:
        tool.score(5, 0)
    assert ("reset by peer" in str(caught.value)) == (mode == "reset")
    assert tool.grade() == {}
    assert tool.score(5, 0).status_code == 200


def test_error_after_apply_and_cut(tool: Tool) -> None:
    tool.platform.post("/api/faults", mode="error_after_apply", only="scores")
    assert tool.score(5, 0).status_code == 500 and tool.grade()["score"] == 5
    tool.platform.post("/api/faults", mode="cut", only="token")
    with pytest.raises(requests.RequestException):
        tool.fake.ask_token("x", tool.assertion())


def test_slow_and_drip_take_their_time(tool: Tool) -> None:
    tool.score(1, 0)
    tool.platform.post("/api/faults", mode="slow", only="scores", seconds=0.6)
    start = time.monotonic()
    assert tool.score(5, 1).status_code == 200
    assert time.monotonic() - start >= 0.6
    tool.platform.post("/api/faults", mode="drip", only="token", seconds=0.6)
    start = time.monotonic()
    tool.token()
    assert time.monotonic() - start >= 0.5


def test_any_answer_can_be_given(tool: Tool) -> None:
    url = f"{tool.platform.url}/services/CourseSection/{tool.activity['course']}/bindings/1/memberships"
    link = '<{self}?page={n}>; rel="next"'
    rule = {"mode": "answer", "only": "members", "body": '{"members": []}', "headers": {"Link": link}}
    tool.platform.post("/api/faults", **rule)
    assert tool.get(url, "*/*").links["next"]["url"] == f"{url}?page=1"
    assert tool.get(url, "*/*").links["next"]["url"] == f"{url}?page=2"
    tool.platform.post("/api/faults", mode="answer", only="jwks", body="[1]", repeat=1000, gzip=True)
    assert len(requests.get(f"{tool.platform.url}/jwks", timeout=10).content) == 3000
    bad = requests.post(f"{tool.platform.url}/api/faults", json={"mode": "nonsense"}, timeout=10)
    assert bad.status_code == 400


def test_the_rate_is_a_share_of_the_calls(tool: Tool) -> None:
    tool.platform.post("/api/faults", mode="503", only="scores", rate=0.3, seed=5)
    codes = [tool.score(5, n).status_code for n in range(60)]
    assert 6 <= codes.count(503) <= 30 and codes.count(200) == 60 - codes.count(503)
    assert tool.platform.get("/api/faults")["rules"][0]["hits"] == codes.count(503)


def test_the_log_is_complete_and_rising(tool: Tool) -> None:
    tool.score(5, 0)
    calls = tool.platform.calls()
    ids = [call["id"] for call in calls]
    assert ids == sorted(set(ids)) and {"token", "scores"} <= {call["service"] for call in calls}
    assert "client_assertion" in calls[-2]["body"] and "eyJ" not in calls[-2]["body"]
    assert tool.platform.get("/api/log", after=ids[-1])["calls"] == []
    before = ids[-1]
    tool.platform.post("/api/reset")
    tool.fake.ask_token("x", "y")
    assert tool.platform.calls()[0]["id"] > before


def test_many_callers_lose_and_double_nothing(tool: Tool) -> None:
    made = tool.platform.post("/api/people", count=200, prefix="many", courses=[tool.activity["course"]])
    tool.platform.post(
        "/api/faults",
        rules=[
            {"mode": "503", "only": "scores", "rate": 0.1},
            {"mode": "drop_after_apply", "only": "scores", "rate": 0.1, "seed": 1},
        ],
    )
    tool.token()

    def send(person: int) -> None:
        for _ in range(20):
            try:
                if tool.score(7, 5, userId=str(person)).status_code in (200, 409):
                    return
            except requests.ConnectionError:
                continue

    with ThreadPoolExecutor(48) as pool:
        list(pool.map(send, made["ids"]))
    effects = tool.platform.effects()
    assert sorted(e["person"] for e in effects) == sorted(made["ids"])
    assert len([g for g in tool.platform.get("/api/gradebook")["grades"] if g["score"] == 7]) == 200


def test_the_control_api_is_for_the_loopback_only(tool: Tool) -> None:
    headers = {"Host": "evil.example"}
    assert requests.get(f"{tool.platform.url}/api/log", headers=headers, timeout=10).status_code == 403
