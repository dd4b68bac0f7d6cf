"""The demo running for real, the trial platform beside it, and Debian's Chromium."""

from __future__ import annotations

import pytest

from tests.platform.client import PlatformProcess
from tests.stack import ROOT, Stack

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "kelrodis-demo"


@pytest.fixture(scope="session")
def stack(tmp_path_factory, demo_var):
    """The portal with the demo, a worker and the clock, as separate processes."""
    with Stack(tmp_path_factory.mktemp("portal"), like=demo_var) as portal:
        portal.start("web", "worker", "beat")
        yield portal


@pytest.fixture(scope="session")
def platform(stack, tmp_path_factory):
    """The trial platform, already connected; every test makes its own people and activities."""
    with PlatformProcess(tool=stack.url, state=tmp_path_factory.mktemp("platform")) as process:
        stack.connect(process)
        yield process


def sign_in(page, stack, email, language="lt"):
    """Sign a demo person in through the form."""
    page.goto(f"{stack.url}/{language}/sign-in/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/learn/")


def axe(target):
    """Run axe on a page or a frame, with nothing excluded; return what it finds, short enough to read."""
    target.evaluate(AXE.read_text(encoding="utf-8"))
    found = target.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:4]) for rule in found]
