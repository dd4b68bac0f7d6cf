"""The browser's way: the tool in a cross-site frame, forms, and accessibility of our pages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.platform.client import ROOT
from tests.platform_tests.faketool import FakeTool
from tests.platform_tests.tooling import Tool

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
LTI_DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
]


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of 1280 by 900."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("method", ["post", "get"])
def test_the_tool_opens_in_the_cross_site_frame(page: Any, tool: Tool, method: str) -> None:
    course, activity = tool.activity["course"], tool.activity["id"]
    page.goto(f"{tool.platform.url}/course/{course}/activity/{activity}?person=ona&method={method}")
    frame = page.frame_locator("#contentframe")
    frame.get_by_role("heading", name="Labas, Ona Kazlauskaitė").wait_for(timeout=10_000)
    box = page.locator("#contentframe").bounding_box()
    assert (box["width"], box["height"]) == (885, 653)
    assert page.frames[-1].url.startswith("http://localhost:")


def test_an_activity_can_be_added_and_opened(page: Any, tool: Tool) -> None:
    page.goto(tool.platform.url)
    page.get_by_label("Person").select_option(label="Emma Berg (student, en)")
    page.get_by_role("button", name="Be this person").click()
    page.get_by_label("Title").fill("From the form")
    page.get_by_label("Custom parameters").fill("unit=9")
    page.get_by_role("button", name="Add the activity").click()
    page.get_by_role("row", name="From the form").get_by_role("link", name="In the page").click()
    heading = page.frame_locator("#contentframe").get_by_role("heading", name="Labas, Emma Berg")
    heading.wait_for(timeout=10_000)


def test_the_switches_set_a_fault(page: Any, tool: Tool) -> None:
    page.goto(tool.platform.url)
    page.get_by_label("What goes wrong").select_option("503")
    page.get_by_role("button", name="Set the switches").click()
    page.get_by_text("Faults in force: 503").wait_for()
    assert tool.platform.get("/api/faults")["rules"][0]["mode"] == "503"


def choose(page: Any, tool: Tool, fake_tool: FakeTool) -> Any:
    """Be Rasa, and let the tool in the frame answer a deep-linking request with one activity; return the frame."""
    course = tool.activity["course"]
    page.goto(f"{tool.platform.url}/course/{course}/select?person=rasa")
    frame = page.frame_locator("#contentframe")
    frame.get_by_role("heading", name="Labas, Rasa Petrauskienė").wait_for(timeout=10_000)
    claims = jwt.decode(fake_tool.launches[-1]["id_token"], options={"verify_signature": False})
    now = int(time.time())
    message = {
        "iss": tool.client_id,
        "aud": tool.platform.url,
        "iat": now - 5,
        "exp": now + 60,
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI_DL + "content_items": [{"type": "ltiResourceLink", "title": "Chosen"}],
    }
    back = {
        "url": claims[LTI_DL + "deep_linking_settings"]["deep_link_return_url"],
        "jwt": fake_tool.sign(message),
    }
    frame.locator("body").evaluate(
        """(body, back) => {
            const form = Object.assign(document.createElement("form"), {method: "post", action: back.url});
            form.append(Object.assign(document.createElement("input"), {name: "JWT", value: back.jwt}));
            body.append(form);
            form.submit();
        }""",
        back,
    )
    frame.locator("#made li").wait_for(timeout=10_000)
    return frame


def test_after_deep_linking_the_platform_is_not_nested_in_its_own_frame_and_one_is_still_oneself(
    page: Any, tool: Tool, fake_tool: FakeTool
) -> None:
    frame = choose(page, tool, fake_tool)
    assert frame.locator("header.bar").count() == 0
    frame.get_by_role("link", name="To Information skills").click()
    page.wait_for_url(f"{tool.platform.url}/?person={tool.person('rasa')}")
    assert len(page.frames) == 1
    chosen = page.get_by_label("Person").locator("option:checked")
    assert "Rasa Petrauskienė" in chosen.inner_text()
    page.get_by_role("link", name="Grade book").click()
    page.get_by_role("link", name="Trial platform").click()
    assert "Rasa Petrauskienė" in chosen.inner_text()


def test_the_way_back_from_the_tool_leaves_the_frame_too(page: Any, tool: Tool) -> None:
    course, rasa = tool.activity["course"], tool.person("rasa")
    page.goto(f"{tool.platform.url}/course/{course}/activity/{tool.activity['id']}?person=rasa")
    frame = page.frame_locator("#contentframe")
    frame.get_by_role("heading", name="Labas").wait_for(timeout=10_000)
    address = f"{tool.platform.url}/course/{course}/return?lti_msg=Done&person={rasa}"
    frame.locator("body").evaluate("(body, address) => location.assign(address)", address)
    frame.get_by_role("link", name="To Information skills").click()
    page.wait_for_url(f"{tool.platform.url}/?person={rasa}")
    assert len(page.frames) == 1


@pytest.mark.skipif(not AXE.exists(), reason="missing: axe-core")
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_our_pages_have_no_accessibility_faults(chromium: Any, tool: Tool, width: int, scheme: str) -> None:
    tool.score(8, 0, comment="Labai gerai")
    course, activity = tool.activity["course"], tool.activity["id"]
    paths = ["/", "/tools", f"/course/{course}/activity/{activity}?person=ona", "/gradebook", "/log"]
    paths.append(f"/course/{course}/return?lti_errormsg=x&lti_msg=y")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in paths:
        page.goto(tool.platform.url + path)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("axe.run(document, {iframes: false})")["violations"]
        assert found == [], (path, [(v["id"], [n["html"] for n in v["nodes"]]) for v in found])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
