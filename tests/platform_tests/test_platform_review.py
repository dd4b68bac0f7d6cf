"""Submission review on the trial platform, as Moodle sends it; and that its pages leave people who they are."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests

from tests.platform.client import PlatformProcess, form_of
from tests.platform.store import Store
from tests.platform_tests.faketool import FakeTool
from tests.platform_tests.tooling import CONTAINER_TYPE, ITEM_TYPE, Tool

pytestmark = pytest.mark.services
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
REVIEW = {"reviewableStatus": ["Completed"], "label": "Look", "custom": {"view": "work"}}


def sent(tool: Tool, person: str = "rasa") -> tuple[dict[str, str], dict[str, Any]]:
    """Walk a review's hops; return the login's fields and the message's claims."""
    about = {"person": person, "activity": tool.activity["id"], "for": "ona"}
    made = tool.platform.get("/api/launch_url", **about)
    assert f"for={tool.student}" in made["page"]
    action, login = form_of(requests.get(made["start"], timeout=10).text)
    answer = requests.post(action, data=login, allow_redirects=False, timeout=10)
    _action, fields = form_of(tool.platform.authenticate(answer.headers["Location"]).text)
    return login, jwt.decode(fields["id_token"], options={"verify_signature": False})


def column(tool: Tool, **changes: Any) -> dict[str, Any]:
    """Change the activity's column and return it as the platform then shows it."""
    kind = {**tool.auth, "Content-Type": ITEM_TYPE}
    body = {"label": "Quiz", "scoreMaximum": 10, **changes}
    assert requests.put(tool.item, json=body, headers=kind, timeout=10).status_code == 200
    found: dict[str, Any] = tool.get(tool.item, ITEM_TYPE).json()
    return found


def test_a_review_says_whose_work_it_is_about_and_is_otherwise_the_activitys_launch(tool: Tool) -> None:
    login, claims = sent(tool)
    assert claims[LTI + "message_type"] == "LtiSubmissionReviewRequest"
    assert claims[LTI + "for_user"] == {"user_id": tool.student}
    assert claims["sub"] == tool.person("rasa")
    assert claims[LTI + "resource_link"]["id"] == str(tool.activity["id"])
    assert claims[LTI + "target_link_uri"] == login["target_link_uri"] == f"{tool.fake.url}/lti/launch/"


def test_the_columns_own_address_is_opened_and_its_parameters_are_added(tool: Tool) -> None:
    tool.platform.post(f"/api/activities/{tool.activity['id']}", custom={"unit": "7"})
    url = f"{tool.fake.url}/lti/launch/?work=1"
    assert column(tool, submissionReview=REVIEW | {"url": url})["submissionReview"]["url"] == url
    login, claims = sent(tool)
    assert claims[LTI + "target_link_uri"] == login["target_link_uri"] == url
    custom = claims[LTI + "custom"]
    assert (custom["unit"], custom["view"]) == ("7", "work")
    ordinary = tool.platform.login_request(person="rasa", activity=tool.activity["id"])
    assert ordinary["target_link_uri"] == f"{tool.fake.url}/lti/launch/"


def test_a_change_that_says_nothing_of_reviews_takes_it_away(tool: Tool) -> None:
    assert "submissionReview" in column(tool, submissionReview=REVIEW)
    assert "submissionReview" not in column(tool)


def test_with_two_columns_neither_is_asked(tool: Tool) -> None:
    column(tool, submissionReview=REVIEW | {"url": f"{tool.fake.url}/lti/launch/?work=1"})
    container = tool.item.rpartition("/")[0].rpartition("/")[0] + "?type_id=1"
    more = {"label": "B", "scoreMaximum": 5, "resourceLinkId": str(tool.activity["id"])}
    headers = {**tool.auth, "Content-Type": ITEM_TYPE}
    assert requests.post(container, json=more, headers=headers, timeout=10).status_code == 201
    assert len(tool.get(container, CONTAINER_TYPE).json()) >= 2
    login, claims = sent(tool)
    assert login["target_link_uri"] == f"{tool.fake.url}/lti/launch/"
    assert "view" not in claims[LTI + "custom"]


def test_every_cell_of_the_grade_book_leads_to_a_review(tool: Tool) -> None:
    page = requests.get(f"{tool.platform.url}/gradebook", timeout=10).text
    teacher = tool.person("rasa")
    place = f"/course/{tool.activity['course']}/activity/{tool.activity['id']}"
    assert "You are Rasa Petrauskienė" in page
    assert f"{place}?person={teacher}&amp;for={tool.student}" in page
    framed = requests.get(f"{tool.platform.url}{place}?person={teacher}&for={tool.student}", timeout=10).text
    assert f"&amp;for={tool.student}&amp;" in framed and "Quiz: Ona Kazlauskaitė" in framed


def test_a_signed_review_can_be_had_without_a_browser(tool: Tool) -> None:
    made = tool.platform.token("n", "s", "rasa", tool.activity["id"], **{"for": "ona"})
    assert made["claims"][LTI + "for_user"] == {"user_id": tool.student}


@pytest.mark.parametrize("path", ["/", "/gradebook", "/log", "/tools"])
def test_whoever_goes_from_page_to_page_stays_who_they_are(tool: Tool, path: str) -> None:
    page = requests.get(f"{tool.platform.url}{path}?person=rasa", timeout=10).text
    for other in ("/", "/gradebook", "/log", "/tools"):
        assert f'href="{other}?person=rasa"' in page


def test_a_state_of_an_earlier_platform_gets_the_new_columns(tmp_path: Path) -> None:
    Store(tmp_path)
    with sqlite3.connect(tmp_path / "platform.sqlite3") as database:
        database.execute("ALTER TABLE launches DROP COLUMN about")
        database.execute("ALTER TABLE lineitems DROP COLUMN review")
    again = Store(tmp_path)
    assert again.rows("SELECT about FROM launches") == again.rows("SELECT review FROM lineitems") == []


def test_generic_manners_name_the_message_and_moodles_do_not(
    platform: PlatformProcess, fake_tool: FakeTool
) -> None:
    about = "https://purl.imsglobal.org/spec/lti-platform-configuration"
    named = {"type": "LtiSubmissionReviewRequest"}
    assert named not in platform.get("/openid-configuration")[about]["messages_supported"]
    platform.post("/api/manners", moodle=False)
    assert named in platform.get("/openid-configuration")[about]["messages_supported"]
