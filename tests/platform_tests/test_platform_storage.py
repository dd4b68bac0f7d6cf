"""Platform storage, as far as HTTP shows it; a real browser uses it in tests/lti/test_ladder_browser.py."""

from __future__ import annotations

import pytest

from tests.platform.client import PlatformProcess
from tests.platform_tests.tooling import Tool


def page(tool: Tool) -> str:
    address = f"/course/{tool.activity['course']}/activity/{tool.activity['id']}"
    return tool.platform.http.get(tool.platform.url + address, params={"person": "ona"}, timeout=10).text


def test_moodle_has_none(tool: Tool) -> None:
    assert "lti_storage_target" not in tool.platform.login_request("ona", tool.activity["id"])
    assert "storage.js" not in page(tool)
    answer = tool.platform.http.get(f"{tool.platform.url}/storage-frame", timeout=10)
    assert answer.status_code == 404


@pytest.mark.parametrize("target", ["_parent", "lti_storage"])
def test_switched_on_it_is_told_at_login_and_the_page_keeps_values(tool: Tool, target: str) -> None:
    tool.platform.post("/api/manners", storage={"target": target})

    made = tool.platform.get("/api/launch_url", person="ona", activity=tool.activity["id"])

    assert made["params"]["lti_storage_target"] == target
    assert made["url"].endswith(f"&lti_storage_target={target}")
    assert f'data-tool="{tool.fake.url}"' in page(tool)
    assert (f'<iframe name="{target}"' in page(tool)) is (target != "_parent")


def test_it_can_be_switched_off_and_a_reset_does(platform: PlatformProcess) -> None:
    on = platform.post("/api/manners", storage={"fault": "silent"})
    assert on["storage"] == {"target": "_parent", "fault": "silent"}
    assert platform.post("/api/manners", storage=None)["storage"] == {}
    platform.post("/api/manners", storage={"target": "_parent"})
    platform.post("/api/reset", seed="demo")
    assert platform.get("/api/manners")["storage"] == {}


def test_an_unknown_fault_is_refused(platform: PlatformProcess) -> None:
    with pytest.raises(ValueError, match="fault must be one of"):
        platform.post("/api/manners", storage={"fault": "nonsense"})
