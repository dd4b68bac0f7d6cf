"""The platform as a process and a fake tool beside it, for the platform's own tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.platform.client import PlatformProcess
from tests.platform_tests.faketool import FakeTool
from tests.platform_tests.tooling import Tool


@pytest.fixture(scope="session")
def fake_tool() -> Iterator[FakeTool]:
    """One fake tool for all tests."""
    server = FakeTool()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def process(fake_tool: FakeTool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlatformProcess]:
    """One platform for all tests."""
    with PlatformProcess(fake_tool.url, tmp_path_factory.mktemp("platform")) as platform:
        fake_tool.platform = platform.url
        yield platform


@pytest.fixture
def platform(process: PlatformProcess) -> PlatformProcess:
    """The platform, emptied and seeded anew."""
    process.post("/api/reset", seed="demo")
    return process


@pytest.fixture
def tool(platform: PlatformProcess, fake_tool: FakeTool) -> Tool:
    """A tool with an access token and a graded activity."""
    return Tool(platform, fake_tool)
